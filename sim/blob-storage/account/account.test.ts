import { beforeEach, describe, expect, test } from 'vitest';
import type { Outcome } from '../failure.js';
import { BlobAccount } from './account.js';

let nowMs: number;
let account: BlobAccount;

beforeEach(() => {
  nowMs = Date.UTC(2026, 2, 1, 9);
  account = new BlobAccount({ name: 'one', keys: ['', ''] }, () => nowMs);
  account.createContainer('pictures');
});

function codeOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? 'ok' : outcome.failure.code;
}

function put(name: string, text = 'x'): string {
  const outcome = account.putBlob('pictures', name, Buffer.from(text));
  if (!outcome.ok) throw new Error(outcome.failure.code);
  return outcome.value.etag;
}

describe('entity tags', () => {
  test('differ between versions of one millisecond, even across a deletion', () => {
    const first = put('a');
    account.deleteBlob('pictures', 'a');
    const tags = [first, put('a'), put('a')];
    nowMs++;
    tags.push(put('a'));
    expect(new Set(tags).size).toBe(4);
    expect(first).toMatch(/^"0x8D[0-9A-F]{13}"$/);
  });

  test('do not depend on what else was written before', () => {
    const alone = put('a');
    const other = new BlobAccount({ name: 'one', keys: ['', ''] }, () => nowMs);
    other.createContainer('pictures');
    other.putBlob('pictures', 'z', new Uint8Array());
    const after = other.putBlob('pictures', 'a', Buffer.from('x'));
    expect(after.ok && after.value.etag).toBe(alone);
  });
});

describe('names', () => {
  test.each(['ab', 'UPPER', 'a--b', '-ab', 'ab-', 'a'.repeat(64), 'a b'])(
    'container %j is refused',
    (name) => {
      expect(codeOf(account.createContainer(name))).toBe('InvalidResourceName');
    },
  );

  test.each(['abc', '$root', 'a-b-c', 'a'.repeat(63), '123'])('container %j is taken', (name) => {
    expect(codeOf(account.createContainer(name))).toBe('ok');
  });

  test('a blob has 1 to 1,024 characters', () => {
    expect(codeOf(account.putBlob('pictures', 'b'.repeat(1024), new Uint8Array()))).toBe('ok');
    expect(codeOf(account.putBlob('pictures', 'b'.repeat(1025), new Uint8Array()))).toBe(
      'InvalidResourceName',
    );
  });
});

describe('metadata', () => {
  test('is kept by lower-case names, up to 8 KiB', () => {
    account.putBlob('pictures', 'a', new Uint8Array(), { metadata: { StoreId: '1' } });
    const found = account.blobProperties('pictures', 'a');
    expect(found.ok && found.value.metadata).toEqual({ storeid: '1' });
    const tooLarge = { boxes: 'x'.repeat(8190) };
    expect(codeOf(account.putBlob('pictures', 'a', new Uint8Array(), { metadata: tooLarge }))).toBe(
      'MetadataTooLarge',
    );
  });

  test.each([{ '1st': 'x' }, { 'a-b': 'x' }, { a: 'ü' }, { a: 'x\ny' }])('%j is refused', (metadata) => {
    expect(codeOf(account.putBlob('pictures', 'a', new Uint8Array(), { metadata }))).toBe('InvalidMetadata');
  });
});

test('an upload whose bytes were damaged on the way is refused', () => {
  const expectedMd5 = Buffer.alloc(16).toString('base64');
  expect(codeOf(account.putBlob('pictures', 'a', Buffer.from('x'), { expectedMd5 }))).toBe('Md5Mismatch');
  expect(account.hasBlob('pictures', 'a')).toBe(false);
});

test('a picture that has once been refused leaves the one before', () => {
  const etag = put('a', 'before');
  account.putBlob('pictures', 'a', Buffer.from('after'), { conditions: { ifMatch: '"0x0"' } });
  const found = account.getBlob('pictures', 'a');
  expect(found.ok && [found.value.blob.etag, Buffer.from(found.value.bytes).toString()]).toEqual([
    etag,
    'before',
  ]);
});

test('conditions on dates see whole seconds', () => {
  nowMs += 700;
  put('a');
  const second = nowMs - 700;
  const read = (conditions: { ifModifiedSinceMs?: number; ifUnmodifiedSinceMs?: number }) =>
    codeOf(account.blobProperties('pictures', 'a', conditions));
  expect(read({ ifModifiedSinceMs: second })).toBe('NotModified');
  expect(read({ ifModifiedSinceMs: second - 1000 })).toBe('ok');
  expect(read({ ifUnmodifiedSinceMs: second })).toBe('ok');
  expect(read({ ifUnmodifiedSinceMs: second - 1000 })).toBe('ConditionNotMet');
});

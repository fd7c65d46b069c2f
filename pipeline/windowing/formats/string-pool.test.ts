import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, PADDING } from './byte-reader.js';
import { hashStep } from './string-pool.js';

/** A reader of strings that come one after another, as those of a file do. */
function stringReader(): (text: string) => string | undefined {
  const reader = new ByteReader();
  return (text) => {
    reader.open(Buffer.from(`${JSON.stringify(text)}\n${' '.repeat(PADDING)}`));
    reader.at = 0;
    return reader.string();
  };
}

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz0123456789'];
const CODES = new Set(LETTERS.map((letter) => letter.charCodeAt(0)));

const wordOf = (text: string): number => Buffer.from(text).readInt32LE();

/** Pairs of strings of eight letters that have one hash. */
function collisions(): readonly (readonly [string, string])[] {
  const first = 'aaaa';
  const pairs: (readonly [string, string])[] = [];
  for (const a of LETTERS) {
    for (const b of LETTERS) {
      const other = `${a}${b}bb`;
      const bytes = Buffer.alloc(4);
      bytes.writeInt32LE(hashStep(0, wordOf(first)) ^ hashStep(0, wordOf(other)) ^ wordOf('gm5t'));
      if (bytes.every((code) => CODES.has(code))) pairs.push([`${first}gm5t`, `${other}${bytes.toString()}`]);
    }
  }
  return pairs;
}

test('strings of one hash are told apart, in whatever order they keep coming', () => {
  const pairs = collisions();
  expect(pairs.length).toBeGreaterThan(0);
  fc.assert(
    fc.property(fc.constantFrom(...pairs), fc.array(fc.boolean(), { maxLength: 20 }), (pair, choices) => {
      const read = stringReader();
      const texts = choices.map((isSecond) => pair[isSecond ? 1 : 0]);
      expect(texts.map(read)).toEqual(texts);
    }),
  );
});

test('strings are what was written, few or many of them, of every length', () => {
  const read = stringReader();
  const few = fc.constantFrom('', 'a', 'ab', 'a\u0000', 'é', '"', 'store-1', 'x'.repeat(32), 'x'.repeat(33));
  const other = fc.string({ maxLength: 40 });
  fc.assert(
    fc.property(fc.array(fc.oneof(few, other), { maxLength: 30 }), (texts) => {
      expect([...texts, ...texts].map(read)).toEqual([...texts, ...texts]);
    }),
  );
  const many = Array.from({ length: 40_000 }, (_, i) => `key-${i}`);
  for (let round = 0; round < 3; round++) expect(many.filter((key) => read(key) !== key)).toEqual([]);
});

import { unzipSync, zipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildCentreNetZip } from './centre-net-zip.js';
import { MODEL_CONFIG_FILE } from './model-config.js';
import { ModelError } from './model-error.js';
import { openModelZip, packModelZip } from './model-zip.js';

let zip: Uint8Array;

beforeAll(async () => {
  zip = await buildCentreNetZip({ inputWidthPixels: 320, inputHeightPixels: 240, confidenceThreshold: 0.25 });
});

/** The zip with some members replaced (or, with null, left out). */
function altered(changes: Readonly<Record<string, Uint8Array<ArrayBuffer> | null>>): Uint8Array {
  const members = unzipSync(zip);
  for (const [name, bytes] of Object.entries(changes)) {
    if (bytes === null) delete members[name];
    else members[name] = bytes;
  }
  return zipSync(members, { level: 0 });
}

function codeOf(bytes: Uint8Array): string {
  try {
    openModelZip(bytes);
    return 'opened';
  } catch (error) {
    return error instanceof ModelError ? error.code : 'another error';
  }
}

describe('model zip', () => {
  test('holds what the Dev Kit looks for', () => {
    expect(Object.keys(unzipSync(zip)).sort()).toEqual([
      'labels.txt',
      'model.json',
      MODEL_CONFIG_FILE,
      'weights.bin',
    ]);
    const { config, labels } = openModelZip(zip);
    expect(labels).toEqual(['person']);
    expect(config).toMatchObject({
      inputWidthPixels: 320,
      inputHeightPixels: 240,
      confidenceThreshold: 0.25,
    });
  });

  test('has the same bytes when packed again', async () => {
    expect(Buffer.compare(packModelZip(openModelZip(zip)), zip)).toBe(0);
  });

  test.each([
    ['a truncated download', () => zip.subarray(0, zip.length - 5000), 'FF_MODEL_CORRUPT'],
    ['something else', () => new TextEncoder().encode('<html>not found</html>'), 'FF_MODEL_CORRUPT'],
    ['nothing', () => new Uint8Array(), 'FF_MODEL_CORRUPT'],
    ['no labels', () => altered({ 'labels.txt': null }), 'FF_MODEL_MEMBER_MISSING'],
    ['no settings', () => altered({ [MODEL_CONFIG_FILE]: null }), 'FF_MODEL_MEMBER_MISSING'],
    ['no weights', () => altered({ 'weights.bin': null }), 'FF_MODEL_MEMBER_MISSING'],
    ['empty labels', () => altered({ 'labels.txt': new Uint8Array() }), 'FF_MODEL_CONFIG_INVALID'],
    [
      'settings that are no JSON',
      () => altered({ [MODEL_CONFIG_FILE]: new Uint8Array(3) }),
      'FF_MODEL_CONFIG_INVALID',
    ],
    [
      'a network that is none',
      () => altered({ 'model.json': new TextEncoder().encode('{}') }),
      'FF_MODEL_GRAPH_INVALID',
    ],
  ])('refuses %s', (_what, bytes, code) => {
    expect(codeOf(bytes())).toBe(code);
  });

  test('says which setting is wrong', () => {
    const config = new TextEncoder().encode('{"ScaleWidth":"wide"}');
    expect(() => openModelZip(altered({ [MODEL_CONFIG_FILE]: config }))).toThrow(/ScaleWidth/);
  });

  test('is made for multiples of 16 only', async () => {
    await expect(buildCentreNetZip({ inputWidthPixels: 500 })).rejects.toMatchObject({
      code: 'FF_MODEL_INPUT_SIZE',
    });
  });
});

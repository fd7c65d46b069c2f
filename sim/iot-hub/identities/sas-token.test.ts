import { SharedAccessSignature } from 'azure-iot-common';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkSasToken, parseSasToken, signSasToken } from './sas-token.js';

const KEY = Buffer.from('primary key of a camera').toString('base64');
const OTHER_KEY = Buffer.from('secondary key').toString('base64');
const RESOURCE = 'hub.test/devices/camera-1';
const EXPIRY_SECONDS = 1_800_000_000;
const BEFORE_MS = EXPIRY_SECONDS * 1000 - 1;

function check(text: string, resource = RESOURCE, nowMs = BEFORE_MS) {
  const token = parseSasToken(text);
  return token === null ? 'malformed' : checkSasToken(token, resource, [KEY, OTHER_KEY], nowMs);
}

describe('a shared access signature', () => {
  test('of the official SDK is accepted with either key', () => {
    const encoded = encodeURIComponent(RESOURCE);
    for (const key of [KEY, OTHER_KEY]) {
      expect(check(SharedAccessSignature.create(encoded, '', key, EXPIRY_SECONDS).toString())).toBeNull();
    }
  });

  test('is for its resource and what lies under it alone', () => {
    const token = signSasToken(RESOURCE, KEY, EXPIRY_SECONDS);
    expect(check(token, `${RESOURCE}/modules/footfall`)).toBeNull();
    expect(check(token, `${RESOURCE}0`)).toBe('wrong-resource');
    expect(check(token, 'other.hub/devices/camera-1')).toBe('wrong-resource');
  });

  test('expires', () => {
    const token = signSasToken(RESOURCE, KEY, EXPIRY_SECONDS);
    expect(check(token, RESOURCE, EXPIRY_SECONDS * 1000)).toBe('expired');
  });

  test('does not survive a change of its expiry or its key', () => {
    const token = signSasToken(RESOURCE, KEY, EXPIRY_SECONDS);
    expect(check(token.replace(`se=${EXPIRY_SECONDS}`, `se=${EXPIRY_SECONDS + 1}`))).toBe('wrong-signature');
    const forged = signSasToken(RESOURCE, Buffer.from('guess').toString('base64'), EXPIRY_SECONDS);
    expect(check(forged)).toBe('wrong-signature');
  });

  test('carries the name of its policy', () => {
    expect(parseSasToken(signSasToken(RESOURCE, KEY, EXPIRY_SECONDS, 'iothubowner'))?.policyName).toBe(
      'iothubowner',
    );
  });

  test('anything else is malformed, and nothing throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `SharedAccessSignature ${text}`),
        ),
        (text) => {
          expect(check(text)).not.toBeNull();
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatConnectionString,
  HubConnectionStringError,
  parseConnectionString,
} from './connection-string.js';

describe("a device's connection string", () => {
  test('comes back as it went out', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9\-_.$]{1,20}$/);
    const connection = fc.record({
      hostName: fc.domain(),
      identity: fc.record({ deviceId: id, moduleId: fc.option(id) }),
      key: fc.base64String({ minLength: 4 }),
    });
    fc.assert(
      fc.property(connection, (sent) => {
        expect(parseConnectionString(formatConnectionString(sent))).toEqual(sent);
      }),
    );
  });

  test.each([
    ['HostName=h;DeviceId=d', /needs SharedAccessKey/],
    ['HostName=h;SharedAccessKey=secret', /needs DeviceId/],
    ['HostName=h;DeviceId=a b;SharedAccessKey=secret', /'a b' is no valid identity/],
    ['', /needs/],
  ])('%j says what is wrong and keeps the key to itself', (text, message) => {
    expect(() => parseConnectionString(text)).toThrow(HubConnectionStringError);
    expect(() => parseConnectionString(text)).toThrow(message);
    expect(() => parseConnectionString(text)).not.toThrow(/secret/);
  });
});

import { describe, expect, test } from 'vitest';
import { readFaceEndpoint, readSettings } from './settings.js';

describe('the app settings', () => {
  test('are read, and a container needs no key', () => {
    expect(readSettings({ VISITOR_SALT: 's', STORE_TIME_ZONE: 'Asia/Seoul' })).toEqual({
      visitorSalt: 's',
      storeTimeZone: 'Asia/Seoul',
    });
    expect(readFaceEndpoint({ face_api_endpoint: 'http://face:5000', face_api_key: '' })).toEqual({
      endpoint: 'http://face:5000',
      key: null,
    });
  });

  test('that are missing or wrong are named', () => {
    expect(() => readSettings({})).toThrow(/VISITOR_SALT is missing; expected a secret/);
    expect(() => readSettings({ VISITOR_SALT: 's', STORE_TIME_ZONE: 'Mars/Base' })).toThrow(
      /STORE_TIME_ZONE is "Mars\/Base", which is no time zone/,
    );
    expect(() => readFaceEndpoint({})).toThrow(/face_api_endpoint is missing/);
  });
});

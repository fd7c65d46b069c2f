import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, readCameraSettings } from './camera-settings.js';
import type { Properties } from './hub-connection.js';

describe('camera settings', () => {
  test('are read from the twin that the Dev Kit modules use', () => {
    const { settings, problems, inForce } = readCameraSettings({
      ModelZipUrl: 'https://store.blob.test/models/people.zip?sig=x',
      TimeBetweenMessagesInSeconds: 5,
      ObjectsOfInterest: '["Person","DOG"]',
      ShowVideoOverlay: true,
      Bitrate: '1.5Mbps',
      Resolution: '1080p',
      VideoOverlayConfig: 'inference',
      FrameRate: 24,
      HdmiDisplayActive: false,
      VideoAnalyticsEnabled: true,
      ShowVideoPreview: true,
      Codec: 'AVC/H.264',
      $version: 4,
    });
    expect(problems).toEqual([]);
    expect(settings).toEqual({
      ...DEFAULT_SETTINGS,
      hdmiDisplayActive: false,
      modelZipUrl: 'https://store.blob.test/models/people.zip?sig=x',
      modelZipSha256: null,
      messageDelayMs: 5_000,
      objectsOfInterest: ['person', 'dog'],
      videoAnalyticsEnabled: true,
      frameRate: 24,
      inferenceIntervalMs: 0,
    });
    expect(inForce).toMatchObject({ Resolution: '1080P', HdmiDisplayActive: false, FrameRate: 24 });
  });

  test.each([
    ['FrameRate', 31],
    ['FrameRate', 25],
    ['FrameRate', 'fast'],
    ['TimeBetweenMessagesInSeconds', -1],
    ['ObjectsOfInterest', 'person'],
    ['ModelZipUrl', 'file:///etc/passwd'],
    ['Resolution', '8K'],
    ['VideoAnalyticsEnabled', 'perhaps'],
  ])('a wrong %s is named and changes nothing', (property, value) => {
    const { settings, problems } = readCameraSettings({ [property]: value });
    expect(settings).toEqual(DEFAULT_SETTINGS);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain(`${property} is ${JSON.stringify(value)}, expected`);
  });

  test('"ALL" means every object', () => {
    expect(readCameraSettings({ ObjectsOfInterest: '["all"]' }).settings.objectsOfInterest).toBe('all');
  });

  test('a property that is deleted leaves the setting in force', () => {
    const before = { ...DEFAULT_SETTINGS, frameRate: 24 } as const;
    expect(readCameraSettings({}, before).settings).toEqual(before);
  });

  test('no value of any kind makes it throw', () => {
    const names = Object.keys(readCameraSettings({}).inForce).concat('ModelZipUrl');
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.jsonValue()), (desired) => {
        const { settings } = readCameraSettings(desired as Properties);
        expect(settings.frameRate).toBeGreaterThan(0);
        expect(settings.messageDelayMs).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

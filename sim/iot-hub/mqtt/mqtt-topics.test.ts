import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPropertyBag, parsePropertyBag, parsePublish, parseSubscription } from './mqtt-topics.js';

const DEVICE = { deviceId: 'camera-1', moduleId: null };
const MODULE = { deviceId: 'camera-1', moduleId: 'footfall' };

describe('a property bag', () => {
  test('comes back as it went out', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !text.startsWith('$.') && text !== '__proto__');
    const bag = fc.record({
      properties: fc.dictionary(name, fc.string({ unit: 'grapheme' })),
      system: fc.dictionary(fc.constantFrom('mid', 'cid', 'ct', 'ce'), fc.string({ unit: 'grapheme' })),
    });
    fc.assert(
      fc.property(bag, (sent) => {
        const received = parsePropertyBag(formatPropertyBag(sent));
        expect(received).toEqual({ properties: { ...sent.properties }, system: { ...sent.system } });
      }),
    );
  });

  test('that is not decodable is refused', () => {
    expect(parsePropertyBag('a=%E0%A4%A')).toBeNull();
  });
});

describe('a topic', () => {
  test.each([
    ['devices/camera-1/messages/events/', DEVICE, 'telemetry'],
    ['devices/camera-1/messages/events', DEVICE, 'telemetry'],
    ['devices/camera-1/messages/events/%24.mid=7&colour=red', DEVICE, 'telemetry'],
    ['devices/camera-1/modules/footfall/messages/events/$.on=ToUpstream/', MODULE, 'telemetry'],
    ['$iothub/twin/GET/?$rid=1', DEVICE, 'twin-get'],
    ['$iothub/twin/PATCH/properties/reported/?$rid=1', MODULE, 'twin-report'],
    ['$iothub/methods/res/200/?$rid=a', DEVICE, 'method-answer'],
  ])('%s is taken', (topic, identity, kind) => {
    expect(parsePublish(topic, identity)?.kind).toBe(kind);
  });

  test.each([
    ['devices/camera-2/messages/events/', DEVICE],
    ['devices/camera-1/messages/events/', MODULE],
    ['devices/camera-1/modules/other/messages/events/', MODULE],
    ['devices/camera-1/messages/devicebound/', DEVICE],
    ['$iothub/twin/res/200/?$rid=1', DEVICE],
    ['$iothub/twin/GET/?x=1', DEVICE],
    ['anything', DEVICE],
  ])('%s is refused', (topic, identity) => {
    expect(parsePublish(topic, identity)).toBeNull();
  });

  test('a device may listen to its own topics alone', () => {
    expect(parseSubscription('devices/camera-1/messages/devicebound/#', DEVICE)).toBe('cloud-to-device');
    expect(parseSubscription('$iothub/methods/POST/#', DEVICE)).toBe('methods');
    for (const filter of [
      '#',
      '$iothub/#',
      'devices/+/messages/devicebound/#',
      'devices/camera-2/messages/devicebound/#',
    ]) {
      expect(parseSubscription(filter, DEVICE)).toBeNull();
    }
  });
});

import { expect, test } from 'vitest';
import type { Scenario } from '../../scenario/load-scenario.js';
import { checkStreams, readStreams } from './live-cameras.js';

const scenario = { plan: { cameras: [{ id: 'cam-door' }, { id: 'cam-till' }] } } as unknown as Scenario;

test('reads a stream for each camera', () => {
  const streams = readStreams(['cam-door=rtsp://user:pass@10.0.0.7/s?x=1', 'cam-till=/dev/null']);
  expect([...streams]).toEqual([
    ['cam-door', 'rtsp://user:pass@10.0.0.7/s?x=1'],
    ['cam-till', '/dev/null'],
  ]);
  expect(() => checkStreams(streams, scenario, [])).not.toThrow();
});

test.each([
  [['cam-door'], [], 'names no stream'],
  [['cam-door=rtsp://a', 'cam-door=rtsp://b'], [], 'has two streams'],
  [['cam-dor=rtsp://a'], [], "no camera 'cam-dor'.*cam-door, cam-till"],
  [['cam-door=rtsp://a'], ['cam-door'], 'left to hardware'],
  [['cam-door=nowhere.mp4'], [], 'nowhere.mp4: there is no such file'],
  [['cam-door=/dev/video99'], [], 'no such file or device'],
])('refuses %j', (texts, real, message) => {
  expect(() => checkStreams(readStreams(texts), scenario, real)).toThrow(new RegExp(message));
});

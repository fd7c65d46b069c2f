import { describe, expect, test } from 'vitest';
import type { Detection, PictureTelemetry } from '../boundaries.js';
import { CameraModule, emptyCameraModuleDisk } from './camera-module.js';
import { DEFAULT_SETTINGS } from './camera-settings.js';
import { HubError, type OutgoingMessage } from './hub-connection.js';
import { ManualClock } from './manual-clock.testing.js';
import { type Picture, pictureName } from './picture-store.js';
import { retryBy } from './retry-schedule.js';

const START_MS = Date.UTC(2026, 2, 7, 9, 0, 0, 123);
const ROOMY = { maxItems: 100, maxBytes: 1e6, overflow: 'keep-oldest', timeToLiveMs: null } as const;

const RETRY = retryBy({ intervalMs: 1000, jitterShare: 0 }, () => 0.5);

const seen = (label: string): Detection => ({
  label,
  score: 0.9,
  box: { left: 1, top: 2, width: 3, height: 4 },
});

function moduleInAStore() {
  const clock = new ManualClock(START_MS);
  const lan = { up: true };
  const uplink = { up: true };
  const log: string[] = [];
  const pictures: Picture[] = [];
  const messages: OutgoingMessage[] = [];
  const disk = emptyCameraModuleDisk();
  const skew = { ms: 0 };
  const running = { module: null as CameraModule | null };
  const newModule = () =>
    new CameraModule({
      place: { storeId: 'oslo-1', cameraId: 'cam-3', section: 'shoes' },
      clock,
      disk,
      pictures: {
        put: async (picture) => {
          if (!lan.up) throw new Error('no way to the store');
          pictures.push(picture);
          log.push(`picture ${picture.metadata.capturedAt}`);
        },
      },
      pictureLimits: ROOMY,
      pictureRetry: RETRY,
      sendMessage: async (message) => {
        if (!uplink.up) throw new HubError('FF_HUB_DISCONNECTED', 'no uplink');
        messages.push(message);
        log.push(`message ${(JSON.parse(message.body) as PictureTelemetry).capturedAt}`);
      },
      messageLimits: ROOMY,
      messageRetry: RETRY,
      observer: {
        onCaptured: () => {},
        onUploaded: () => {},
        onReported: () => {},
        onPictureLost: () => {},
        onMessageLost: () => {},
      },
    });
  const see = async (afterMs: number, labels: readonly string[]) => {
    await clock.run(afterMs);
    await running.module?.hear({
      capturedAtMs: clock.now() + skew.ms,
      steadyMs: clock.now(),
      objects: labels.map(seen),
      picture: async () => new Uint8Array([0xff, 0xd8, labels.length]),
    });
    await clock.run(0);
  };
  const module = newModule();
  running.module = module;
  const restart = () => {
    running.module?.stop();
    running.module = newModule();
    running.module.resume();
  };
  return { module, clock, lan, uplink, skew, log, pictures, messages, see, restart };
}

describe('the camera module', () => {
  test('takes one picture however many people are in view, and none before the delay has passed', async () => {
    const { see, pictures, module } = moduleInAStore();
    await see(0, ['person', 'person', 'person']);
    await see(2_999, ['person']);
    await see(1, ['person']);
    expect(pictures.map(({ metadata }) => metadata.people.length)).toEqual([3, 1]);
    expect(module.figures()).toMatchObject({ heard: 3, tooSoon: 1, captured: 2 });
  });

  test('sees only objects of interest', async () => {
    const { see, pictures, module } = moduleInAStore();
    await see(0, ['chair']);
    expect(pictures).toEqual([]);
    await see(0, ['chair', 'Person']);
    expect(pictures[0]?.metadata.people.map(({ label }) => label)).toEqual(['Person']);
    module.configure({ ...DEFAULT_SETTINGS, objectsOfInterest: 'all' });
    await see(3_000, ['chair', 'person']);
    expect(pictures[1]?.metadata.people).toHaveLength(2);
  });

  test('keeps the delay that is asked for, however short', async () => {
    const { see, pictures, module } = moduleInAStore();
    module.configure({ ...DEFAULT_SETTINGS, messageDelayMs: 500 });
    for (let look = 0; look < 4; look++) await see(500, ['person']);
    expect(pictures).toHaveLength(4);
  });

  test('names a picture by store, camera, time and sequence, and says the same in the message', async () => {
    const { see, pictures, messages } = moduleInAStore();
    await see(0, ['person']);
    expect(pictures[0]).toMatchObject({
      name: 'oslo-1/cam-3/20260307T090000.123Z-000000.jpg',
      metadata: {
        storeId: 'oslo-1',
        cameraId: 'cam-3',
        section: 'shoes',
        capturedAt: '2026-03-07T09:00:00.123Z',
      },
    });
    expect(JSON.parse(messages[0]?.body ?? '')).toEqual({
      id: 'oslo-1/cam-3/20260307T090000.123Z-000000.jpg',
      storeId: 'oslo-1',
      cameraId: 'cam-3',
      section: 'shoes',
      capturedAt: '2026-03-07T09:00:00.123Z',
      blobName: 'oslo-1/cam-3/20260307T090000.123Z-000000.jpg',
      people: 1,
    });
    expect(messages[0]?.output).toBe('ToUpstream');
  });

  test('pictures go on while the uplink is down, and their messages follow in order', async () => {
    const { see, clock, uplink, log } = moduleInAStore();
    uplink.up = false;
    await see(0, ['person']);
    await see(3_000, ['person']);
    expect(log.map((line) => line.split(' ')[0])).toEqual(['picture', 'picture']);
    uplink.up = true;
    await clock.run(1_000);
    expect(log.slice(2)).toEqual(['message 2026-03-07T09:00:00.123Z', 'message 2026-03-07T09:00:03.123Z']);
  });

  test('no message runs ahead of its picture', async () => {
    const { see, clock, lan, log } = moduleInAStore();
    lan.up = false;
    await see(0, ['person']);
    await clock.run(10_000);
    expect(log).toEqual([]);
    lan.up = true;
    await clock.run(1_000);
    expect(log.map((line) => line.split(' ')[0])).toEqual(['picture', 'message']);
  });

  test('what waited when the power went is sent when it is back, and names go on counting', async () => {
    const { see, clock, lan, restart, pictures, messages } = moduleInAStore();
    lan.up = false;
    await see(0, ['person']);
    restart();
    lan.up = true;
    await clock.run(1_000);
    await see(3_000, ['person']);
    expect(pictures.map(({ name }) => name.slice(-10))).toEqual(['000000.jpg', '000001.jpg']);
    expect(messages.map(({ messageId }) => messageId)).toEqual(pictures.map(({ name }) => name));
  });

  test('a clock that is set back keeps nobody waiting', async () => {
    const { see, skew, pictures } = moduleInAStore();
    await see(0, ['person']);
    skew.ms = -3_600_000;
    await see(3_000, ['person']);
    expect(pictures.map(({ metadata }) => metadata.capturedAt)).toEqual([
      '2026-03-07T09:00:00.123Z',
      '2026-03-07T08:00:03.123Z',
    ]);
  });

  test('names of one instant differ and sort by time', () => {
    const names = [0, 1, 2].map((sequence) => pictureName('s', 'c', START_MS, sequence));
    expect(new Set(names).size).toBe(3);
    expect([...names, pictureName('s', 'c', START_MS + 1, 0)].sort().at(-1)).toContain('090000.124Z');
  });
});

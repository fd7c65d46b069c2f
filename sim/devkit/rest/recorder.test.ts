import { createCanvas } from '@napi-rs/canvas';
import { beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../../pipeline/camera-module/manual-clock.testing.js';
import { Recorder } from './recorder.js';

let clock: ManualClock;
let on: boolean;
let filmed: Uint8Array[];
let recorder: Recorder;

beforeEach(() => {
  clock = new ManualClock(0);
  on = true;
  filmed = [];
  recorder = new Recorder(
    clock,
    async () => {
      // Each frame of another brightness, and so of another length.
      const canvas = createCanvas(32, 24);
      const context = canvas.getContext('2d');
      context.fillStyle = `rgb(${10 * filmed.length}, 0, 0)`;
      context.fillRect(filmed.length, 0, 16, 24);
      const jpeg = canvas.toBuffer('image/jpeg', 90);
      filmed.push(jpeg);
      return jpeg;
    },
    () => on,
  );
});

/** The chunks of a file that its index names. */
function framesOf(file: Uint8Array): readonly Buffer[] {
  const bytes = Buffer.from(file);
  const movi = bytes.indexOf('movi');
  const index = bytes.lastIndexOf('idx1');
  const count = bytes.readUInt32LE(index + 4) / 16;
  return Array.from({ length: count }, (_, each) => {
    const entry = index + 8 + 16 * each;
    const at = movi + bytes.readUInt32LE(entry + 8);
    expect(bytes.toString('latin1', at, at + 4)).toBe('00dc');
    return bytes.subarray(at + 8, at + 8 + bytes.readUInt32LE(entry + 12));
  });
}

describe('a recording', () => {
  test('is a video of what was filmed meanwhile', async () => {
    expect(recorder.file()).toBeNull();
    recorder.follow();
    await clock.run(1_000);
    on = false;
    await clock.run(1_000);
    const file = Buffer.from(recorder.file() ?? []);
    expect(file.toString('latin1', 0, 4)).toBe('RIFF');
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    // Of the main header: time of a frame in microseconds, width and height.
    const header = file.indexOf('avih') + 8;
    expect([0, 32, 36].map((at) => file.readUInt32LE(header + at))).toEqual([250_000, 32, 24]);
    expect(filmed.length).toBeGreaterThanOrEqual(4);
    expect(framesOf(file)).toEqual(filmed.map((frame) => Buffer.from(frame)));
  });

  test('begins anew when it is switched on again, and not while it is on', async () => {
    recorder.follow();
    await clock.run(600);
    recorder.follow();
    on = false;
    await clock.run(600);
    const before = filmed.length;
    on = true;
    recorder.follow();
    await clock.run(1);
    on = false;
    await clock.run(600);
    expect(framesOf(recorder.file() ?? new Uint8Array())).toHaveLength(filmed.length - before);
  });
});

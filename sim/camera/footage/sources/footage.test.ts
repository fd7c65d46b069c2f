import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, GifEncoder } from '@napi-rs/canvas';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FootageFrame } from './footage.js';
import { openFootage } from './open-footage.js';
import { quarterTurns, rotate } from './rotation.js';

let folder: string;

/** An image of 64 x 48 pixels in one grey. */
function grey(level: number): Uint8Array {
  return canvasOf(level).toBuffer('image/png');
}

function canvasOf(level: number) {
  const canvas = createCanvas(64, 48);
  const context = canvas.getContext('2d');
  context.fillStyle = `rgb(${level},${level},${level})`;
  context.fillRect(0, 0, 64, 48);
  return canvas;
}

async function play(path: string, framesPerSecond?: number) {
  const footage = await openFootage(path, framesPerSecond === undefined ? {} : { framesPerSecond });
  const frames: FootageFrame[] = [];
  for await (const frame of footage.frames()) frames.push(frame);
  return { footage, frames, levels: frames.map((frame) => frame.rgba[0]) };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'footage-'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('a directory of images', () => {
  test('plays in the order of its numbers, at the stated rate', async () => {
    const images = join(folder, 'images');
    await mkdir(images);
    for (const number of [10, 9, 1, 2])
      await writeFile(join(images, `frame-${number}.png`), grey(number * 10));
    await writeFile(join(images, 'notes.txt'), 'no image');
    const { footage, frames, levels } = await play(images, 4);
    expect(levels).toEqual([10, 20, 90, 100]);
    expect(frames.map(({ number, timeMs }) => [number, timeMs])).toEqual([
      [1, 0],
      [2, 250],
      [3, 500],
      [4, 750],
    ]);
    expect([footage.widthPixels, footage.heightPixels]).toEqual([64, 48]);
  });

  test('leaves out what cannot be read and says so', async () => {
    const images = join(folder, 'damaged');
    await mkdir(images);
    await writeFile(join(images, '1.png'), grey(10));
    await writeFile(join(images, '2.png'), grey(20).subarray(0, 40));
    await writeFile(join(images, '3.png'), grey(30));
    const { footage, frames } = await play(images);
    expect(frames.map(({ number }) => number)).toEqual([1, 3]);
    expect(footage.warnings).toEqual([expect.stringContaining('2.png')]);
  });

  test('is refused when it holds none', async () => {
    const images = join(folder, 'empty');
    await mkdir(images);
    await expect(openFootage(images)).rejects.toMatchObject({ code: 'FF_FOOTAGE_EMPTY' });
  });
});

test('a MOT sequence says its own rate and where its truth lies', async () => {
  const sequence = join(folder, 'MOT-01');
  await mkdir(join(sequence, 'img1'), { recursive: true });
  await mkdir(join(sequence, 'gt'));
  await writeFile(join(sequence, 'seqinfo.ini'), '[Sequence]\nname=MOT-01\nimDir=img1\nframeRate=20\n');
  await writeFile(join(sequence, 'gt', 'gt.txt'), '1,1,0,0,10,10,1,1,1\n');
  for (const number of [1, 2]) await writeFile(join(sequence, 'img1', `00000${number}.png`), grey(number));
  const { footage, frames } = await play(sequence);
  expect(footage).toMatchObject({
    kind: 'mot',
    name: 'MOT-01',
    framesPerSecond: 20,
    truthFile: join(sequence, 'gt', 'gt.txt'),
  });
  expect(frames.map(({ timeMs }) => timeMs)).toEqual([0, 50]);
});

describe('a video', () => {
  test('of which fewer frames are wanted gives those at the ticks of that rate, with their own numbers', async () => {
    const hall = join(import.meta.dirname, '../../../../fixtures/footage/hall.mp4');
    const { frames } = await play(hall, 2);
    expect(frames.slice(0, 3).map(({ number, timeMs }) => [number, timeMs])).toEqual([
      [1, 0],
      [5, 500],
      [9, 1_000],
    ]);
    expect(frames).toHaveLength(12);
  });

  test('that is nothing but pictures plays at the stated rate', async () => {
    const stream = join(folder, 'stream.mjpeg');
    const pictures = [0, 120, 250].map((level) => canvasOf(level).toBuffer('image/jpeg'));
    await writeFile(stream, Buffer.concat(pictures));
    const timesAt = async (rate?: number) => (await play(stream, rate)).frames.map(({ timeMs }) => timeMs);
    expect(await timesAt(5)).toEqual([0, 200, 400]);
    expect(await timesAt()).toEqual([0, 40, 80]);
  });

  test('with damage in it gives what could be read and says how much that is', async () => {
    const bytes = await readFile(join(import.meta.dirname, '../../../../fixtures/footage/hall.mp4'));
    for (let at = 60_000; at < 300_000; at += 5_000) bytes.fill(0xa5, at, at + 100);
    const damaged = join(folder, 'damaged.mp4');
    await writeFile(damaged, bytes);
    const { footage, frames } = await play(damaged);
    expect(frames.length).toBeGreaterThan(24);
    expect(footage.warnings.join()).toMatch(/frames? (?:is|are) damaged in part/);
  });

  const animation = () => join(folder, 'animation.gif');

  beforeAll(async () => {
    const encoder = new GifEncoder(64, 48, { repeat: 0 });
    for (const level of [0, 120, 250]) {
      const { data } = canvasOf(level).getContext('2d').getImageData(0, 0, 64, 48);
      encoder.addFrame(new Uint8Array(data.buffer), 64, 48, { delay: 200 });
    }
    await writeFile(animation(), encoder.finish());
  });

  test('plays by its own times', async () => {
    const { footage, frames, levels } = await play(animation());
    expect(frames.map(({ timeMs }) => timeMs)).toEqual([0, 200, 400]);
    expect(levels.map((level) => Math.round((level ?? 0) / 10))).toEqual([0, 12, 25]);
    expect(footage.warnings).toEqual([]);
  });

  test('gives what could be read when it is cut short', async () => {
    const whole = await readFile(animation());
    const cut = join(folder, 'cut.gif');
    await writeFile(cut, whole.subarray(0, whole.length - 40));
    const { frames } = await play(cut);
    expect(frames.length).toBeGreaterThanOrEqual(2);
  });

  test('is refused when it is none', async () => {
    const text = join(folder, 'text.mp4');
    await writeFile(text, 'this is no video');
    await expect(openFootage(text)).rejects.toMatchObject({ code: 'FF_FOOTAGE_UNREADABLE' });
    await expect(openFootage(join(folder, 'nowhere.mp4'))).rejects.toMatchObject({
      code: 'FF_FOOTAGE_MISSING',
    });
  });
});

describe('orientation', () => {
  const matrix = (a: number, b: number, c: number, d: number) =>
    new Uint8Array(
      Int32Array.from([a, b, 0, c, d, 0, 0, 0, 1 << 30].map((v) => v * (v === 1 << 30 ? 1 : 65536))).buffer,
    );

  test('is read from the display matrix', () => {
    expect(quarterTurns(null)).toBe(0);
    expect(quarterTurns(matrix(1, 0, 0, 1))).toBe(0);
    expect(quarterTurns(matrix(0, 1, -1, 0))).toBe(1);
    expect(quarterTurns(matrix(-1, 0, 0, -1))).toBe(2);
    expect(quarterTurns(matrix(0, -1, 1, 0))).toBe(3);
  });

  test('four quarter turns, however taken, leave the frame as it was', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        (w, h, turns) => {
          const rgba = Uint8Array.from({ length: w * h * 4 }, (_, i) => i);
          const frame = { widthPixels: w, heightPixels: h, rgba };
          expect(rotate(rotate(frame, turns), 4 - turns)).toEqual(frame);
        },
      ),
    );
  });

  test('a clockwise turn brings the lower left corner to the upper left', () => {
    const frame = {
      widthPixels: 2,
      heightPixels: 3,
      rgba: Uint8Array.from({ length: 24 }, (_, i) => Math.floor(i / 4)),
    };
    const turned = rotate(frame, 1);
    expect([turned.widthPixels, turned.heightPixels]).toEqual([3, 2]);
    expect([...turned.rgba].filter((_, i) => i % 4 === 0)).toEqual([4, 2, 0, 5, 3, 1]);
  });
});

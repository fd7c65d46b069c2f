import { loadImage } from '@napi-rs/canvas';
import { expect, test } from 'vitest';
import { encodeJpeg } from './jpeg.js';

const grey = {
  widthPixels: 16,
  heightPixels: 9,
  rgba: new Uint8ClampedArray(16 * 9 * 4).fill(128),
};

test('a picture has the size of its pixels, or the one asked for', async () => {
  const own = await loadImage(Buffer.from(encodeJpeg(grey)));
  expect([own.width, own.height]).toEqual([16, 9]);
  const enlargedTo = { widthPixels: 1280, heightPixels: 720 };
  const large = await loadImage(Buffer.from(encodeJpeg(grey, { enlargedTo })));
  expect([large.width, large.height]).toEqual([1280, 720]);
});

test('boxes are drawn in the pixels of the picture', () => {
  const enlargedTo = { widthPixels: 160, heightPixels: 90 };
  const box = { left: 100, top: 40, width: 30, height: 40 };
  const boxes = [{ label: 'person', score: 0.5, box }];
  expect(encodeJpeg(grey, { enlargedTo, boxes })).not.toEqual(encodeJpeg(grey, { enlargedTo }));
});

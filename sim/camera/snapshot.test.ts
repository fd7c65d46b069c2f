import { createCanvas, loadImage } from '@napi-rs/canvas';
import { expect, test } from 'vitest';
import { encodeJpeg } from './jpeg.js';
import { withIdentity } from './snapshot.js';

const pixels = {
  widthPixels: 32,
  heightPixels: 16,
  rgba: Uint8ClampedArray.from({ length: 32 * 16 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 37) % 256)),
};

async function decode(jpeg: Uint8Array): Promise<readonly number[]> {
  const image = await loadImage(Buffer.from(jpeg));
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  return [...context.getImageData(0, 0, image.width, image.height).data];
}

test('the same pixels always give the same bytes', () => {
  expect(encodeJpeg(pixels)).toEqual(encodeJpeg(pixels));
});

test('boxes are drawn over the picture', async () => {
  const box = { label: 'person', score: 0.9, box: { left: 4, top: 2, width: 10, height: 12 } };
  const plain = await decode(encodeJpeg(pixels));
  const marked = await decode(encodeJpeg(pixels, { boxes: [box] }));
  expect(marked).toHaveLength(plain.length);
  expect(marked).not.toEqual(plain);
});

test('an identity changes the bytes and not the picture', async () => {
  const jpeg = encodeJpeg(pixels);
  const first = withIdentity(jpeg, 'store/camera/1');
  const second = withIdentity(jpeg, 'store/camera/2');
  expect(first).not.toEqual(second);
  expect(Buffer.from(first).includes('store/camera/1')).toBe(true);
  expect(await decode(first)).toEqual(await decode(jpeg));
});

test('what is no JPEG, and an identity too long for a segment, are refused', () => {
  expect(() => withIdentity(new Uint8Array([0x89, 0x50]), 'x')).toThrow(/start-of-image marker/);
  expect(() => withIdentity(encodeJpeg(pixels), 'x'.repeat(70_000))).toThrow(/70000 bytes/);
});

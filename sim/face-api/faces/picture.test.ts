import { createCanvas } from '@napi-rs/canvas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jpeg } from '../face-api.testing.js';
import { FaceApiFailure } from '../failure.js';
import { readPictureSize } from './picture.js';

function refusal(bytes: Uint8Array): string {
  try {
    readPictureSize(bytes);
    return 'accepted';
  } catch (error) {
    if (error instanceof FaceApiFailure) return error.code;
    throw error;
  }
}

function noisy(width: number, height: number) {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  for (let x = 0; x < width; x += 3) {
    context.fillStyle = `rgb(${(x * 37) % 256} ${(x * 91) % 256} ${(x * 13) % 256})`;
    context.fillRect(x, (x * 7) % height, 3, height);
  }
  return canvas;
}

describe('the size of a picture', () => {
  test('is read from what an encoder wrote', () => {
    const expected = { widthPixels: 640, heightPixels: 360 };
    expect(readPictureSize(noisy(640, 360).toBuffer('image/jpeg'))).toEqual(expected);
    expect(readPictureSize(noisy(640, 360).toBuffer('image/png'))).toEqual(expected);
  });

  test('is read from GIF and BMP headers', () => {
    const gif = Buffer.alloc(2000);
    gif.write('GIF89a');
    gif.writeUInt16LE(320, 6);
    gif.writeUInt16LE(240, 8);
    expect(readPictureSize(gif)).toEqual({ widthPixels: 320, heightPixels: 240 });
    const bmp = Buffer.alloc(2000);
    bmp.write('BM');
    bmp.writeInt32LE(320, 18);
    bmp.writeInt32LE(-240, 22);
    expect(readPictureSize(bmp)).toEqual({ widthPixels: 320, heightPixels: 240 });
  });

  test('must be of 1 KB to 6 MB', () => {
    const small = jpeg(1).subarray(0, 1023);
    expect(refusal(small)).toBe('InvalidImageSize');
    expect(refusal(jpeg(1, 1920, 1080, 1024))).toBe('accepted');
    expect(refusal(jpeg(1, 1920, 1080, 6 * 1024 * 1024))).toBe('accepted');
    expect(refusal(jpeg(1, 1920, 1080, 6 * 1024 * 1024 + 1))).toBe('InvalidImageSize');
  });

  test('of anything else is refused, never a crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1024, maxLength: 1100 }), fc.boolean(), (bytes, asJpeg) => {
        if (asJpeg) bytes.set([0xff, 0xd8, 0xff]);
        expect(['accepted', 'InvalidImage']).toContain(refusal(bytes));
      }),
    );
    expect(refusal(Buffer.alloc(2000, 'text'))).toBe('InvalidImage');
  });
});

import { describe, expect, test } from 'vitest';
import { inputSizeFor } from './input-size.js';

const BY_ITSELF = { inputAreaPixels: null, looksPerSecond: 17 } as const;

describe("size of the detector's input", () => {
  test('footage that is looked at frame by frame has a smaller one than footage of many frames a second', () => {
    const size = (framesPerSecond: number | null) =>
      inputSizeFor({ widthPixels: 768, heightPixels: 576, framesPerSecond }, BY_ITSELF);
    expect(size(7)).toEqual({ inputWidthPixels: 512, inputHeightPixels: 384 });
    expect(size(null)).toEqual({ inputWidthPixels: 512, inputHeightPixels: 384 });
    expect(size(25)).toEqual({ inputWidthPixels: 640, inputHeightPixels: 480 });
  });

  test('it has the shape of the pictures and is no larger than they are', () => {
    const wide = { widthPixels: 1920, heightPixels: 1080, framesPerSecond: 30 };
    expect(inputSizeFor(wide, BY_ITSELF)).toEqual({ inputWidthPixels: 736, inputHeightPixels: 416 });
    const small = { widthPixels: 320, heightPixels: 240, framesPerSecond: 30 };
    expect(inputSizeFor(small, BY_ITSELF)).toEqual({ inputWidthPixels: 320, inputHeightPixels: 240 });
  });

  test('whoever asks for a size gets it', () => {
    const asked = { inputAreaPixels: 77_000, looksPerSecond: 17 };
    const pictures = { widthPixels: 768, heightPixels: 576, framesPerSecond: 25 };
    expect(inputSizeFor(pictures, asked)).toEqual({ inputWidthPixels: 320, inputHeightPixels: 240 });
  });
});

/** Turns pictures of a camera that was held sideways or upside down, as the video's display matrix asks. */
import type { Frame } from '../../../../pipeline/detection/frame.js';

/**
 * Clockwise quarter turns, 0 to 3, to show a picture upright. `matrix` is a video's display matrix: nine 32-bit
 * fixed-point numbers, row by row, of which the first two say where the picture's x axis points (ISO/IEC
 * 14496-12, 6.2.2).
 */
export function quarterTurns(matrix: Uint8Array | null): number {
  if (matrix === null || matrix.byteLength < 8) return 0;
  const view = new DataView(matrix.buffer, matrix.byteOffset, matrix.byteLength);
  const [a, b] = [view.getInt32(0, true), view.getInt32(4, true)];
  if (Math.abs(a) >= Math.abs(b)) return a < 0 ? 2 : 0;
  return b > 0 ? 1 : 3;
}

/** The frame after `turns` clockwise quarter turns. */
export function rotate<T extends Frame>(frame: T, turns: number): T {
  if (turns === 0) return frame;
  const { widthPixels: width, heightPixels: height } = frame;
  const source = new Uint32Array(frame.rgba.slice().buffer);
  const target = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      target[turned(x, y, width, height, turns)] = source[y * width + x] ?? 0;
    }
  }
  const sideways = turns % 2 === 1;
  return {
    ...frame,
    widthPixels: sideways ? height : width,
    heightPixels: sideways ? width : height,
    rgba: new Uint8Array(target.buffer),
  };
}

function turned(x: number, y: number, width: number, height: number, turns: number): number {
  switch (turns) {
    case 1:
      return x * height + (height - 1 - y);
    case 2:
      return (height - 1 - y) * width + (width - 1 - x);
    default:
      return (width - 1 - x) * height + y;
  }
}

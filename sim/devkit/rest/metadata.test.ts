import { expect, test } from 'vitest';
import { frameMetadata } from './metadata.js';

const look = (left: number, top: number, width: number, height: number) => ({
  capturedAtMs: 0,
  widthPixels: 640,
  heightPixels: 480,
  objects: [{ label: 'person', score: 0.876, box: { left, top, width, height } }],
  picture: async () => new Uint8Array(),
});

test('positions are in ten-thousandths of the frame, confidence in per cent', () => {
  expect(frameMetadata(look(64, 48, 320, 240), 1_000)).toEqual({
    timestamp: 1_000,
    objects: [
      {
        id: 0,
        display_name: 'person',
        confidence: 88,
        position: { x: 1_000, y: 1_000, width: 5_000, height: 5_000 },
      },
    ],
  });
});

test('a frame without objects is left out', () => {
  expect(frameMetadata({ ...look(0, 0, 1, 1), objects: [] }, 1_000)).toBeNull();
});

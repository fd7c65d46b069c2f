import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { pictureSha256 } from './picture-hash.js';

const picture = (index: number) => Buffer.from(`picture ${String(index).padStart(4, '0')}`);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('every picture has its own hash, asked once or again, remembered or long forgotten', () => {
  const pictures = Array.from({ length: 200 }, (_, index) => picture(index));
  for (const round of [0, 1]) {
    for (const [index, bytes] of pictures.entries()) {
      expect(pictureSha256(bytes)).toBe(sha256(bytes));
      // The same bytes elsewhere in memory, just now and some pictures ago.
      expect(pictureSha256(picture(index))).toBe(sha256(bytes));
      if (index >= 20)
        expect(pictureSha256(picture(index - 20)), `round ${round}`).toBe(sha256(picture(index - 20)));
    }
  }
});

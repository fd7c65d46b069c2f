/**
 * The SHA-256 by which the stand-in knows a picture. The same picture comes by here several times (when it is
 * taken, when its faces are detected, when one is enrolled), so the last ones are remembered; comparing the bytes of
 * two pictures costs a tenth of hashing one.
 */
import { createHash } from 'node:crypto';

/** More than lie between the taking of a picture and its analysis while nothing is held up. */
const REMEMBERED_PICTURES = 32;

interface Hashed {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

const remembered: Hashed[] = [];
let oldest = 0;

/** Hex. `bytes` must not be changed afterwards. */
export function pictureSha256(bytes: Uint8Array): string {
  const known = remembered.find((hashed) => isEqual(hashed.bytes, bytes));
  if (known !== undefined) return known.sha256;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  rememberPictureSha256(bytes, sha256);
  return sha256;
}

/** For who has reckoned it already. */
export function rememberPictureSha256(bytes: Uint8Array, sha256: string): void {
  remembered[oldest] = { bytes, sha256 };
  oldest = (oldest + 1) % REMEMBERED_PICTURES;
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one === other || (one.length === other.length && Buffer.compare(one, other) === 0);
}

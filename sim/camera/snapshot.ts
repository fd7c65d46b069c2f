/**
 * Pictures for `--vision truth`: the empty store as the camera sees it, encoded once, with a comment segment that
 * tells one look from another. A valid JPEG of a real one's size, at the cost of a copy.
 */

/** Start of image, and the marker of a comment segment (ITU-T T.81, B.1.1.3 and B.2.4.5). */
const START_OF_IMAGE = [0xff, 0xd8] as const;
const COMMENT_MARKER = [0xff, 0xfe] as const;
/** The length field counts itself. */
const LENGTH_BYTES = 2;
const LONGEST_COMMENT_BYTES = 0xffff - LENGTH_BYTES;

/**
 * `jpeg` with `identity` as a comment after the start of image. Throws a `RangeError` when `jpeg` does not begin
 * like one or the text does not fit a segment.
 */
export function withIdentity(jpeg: Uint8Array, identity: string): Uint8Array {
  if (jpeg[0] !== START_OF_IMAGE[0] || jpeg[1] !== START_OF_IMAGE[1]) {
    throw new RangeError('withIdentity: not a JPEG: it does not begin with the start-of-image marker FF D8');
  }
  const text = new TextEncoder().encode(identity);
  if (text.length > LONGEST_COMMENT_BYTES) {
    throw new RangeError(
      `withIdentity: the identity takes ${text.length} bytes; a comment segment holds ${LONGEST_COMMENT_BYTES}`,
    );
  }
  const length = text.length + LENGTH_BYTES;
  const head = [...START_OF_IMAGE, ...COMMENT_MARKER, length >> 8, length & 0xff];
  const picture = new Uint8Array(jpeg.length - START_OF_IMAGE.length + head.length + text.length);
  picture.set(head, 0);
  picture.set(text, head.length);
  picture.set(jpeg.subarray(START_OF_IMAGE.length), head.length + text.length);
  return picture;
}

/**
 * Walks AMQP 1.0 values without decoding them (AMQP 1.0 Part 1, section 1.2 "Type Encodings"): the upper half of
 * a format code says how long the value is.
 */

/** Bytes that are not what AMQP 1.0 says they should be. */
export class AmqpDecodeError extends Error {
  readonly code = 'FF_AMQP_DECODE';

  constructor(what: string, offset: number) {
    super(`not a valid AMQP 1.0 message: ${what} at byte ${offset}`);
  }
}

const DESCRIBED = 0x00;

/** Width by the upper half of the format code: fixed width, or the width of the size that follows. */
const FIXED_WIDTH: Readonly<Record<number, number>> = { 4: 0, 5: 1, 6: 2, 7: 4, 8: 8, 9: 16 };
const ONE_BYTE_SIZE = new Set([0xa, 0xc, 0xe]);
const FOUR_BYTE_SIZE = new Set([0xb, 0xd, 0xf]);

/** The offset of the first byte after the value that begins at `offset`. Throws `AmqpDecodeError`. */
export function endOfValue(bytes: Buffer, offset: number): number {
  if (offset >= bytes.length) throw new AmqpDecodeError('a value is missing', offset);
  const format = bytes[offset] ?? 0;
  if (format === DESCRIBED) return endOfValue(bytes, endOfValue(bytes, offset + 1));
  const end = offset + 1 + widthOf(bytes, format, offset);
  if (end > bytes.length) throw new AmqpDecodeError('a value is cut short', offset);
  return end;
}

function widthOf(bytes: Buffer, format: number, offset: number): number {
  const category = format >> 4;
  const fixed = FIXED_WIDTH[category];
  if (fixed !== undefined) return fixed;
  if (ONE_BYTE_SIZE.has(category)) return 1 + uint8At(bytes, offset + 1);
  if (FOUR_BYTE_SIZE.has(category)) return 4 + uint32At(bytes, offset + 1);
  throw new AmqpDecodeError(`unknown format code 0x${format.toString(16)}`, offset);
}

export function uint8At(bytes: Buffer, offset: number): number {
  const value = bytes[offset];
  if (value === undefined) throw new AmqpDecodeError('a size is missing', offset);
  return value;
}

export function uint32At(bytes: Buffer, offset: number): number {
  if (offset + 4 > bytes.length) throw new AmqpDecodeError('a size is cut short', offset);
  return bytes.readUInt32BE(offset);
}

/** The content of a binary, string or symbol, whichever width its size has; null for any other value. */
export function textOrBinaryAt(bytes: Buffer, offset: number): Buffer | null {
  const format = uint8At(bytes, offset);
  const category = format >> 4;
  const end = endOfValue(bytes, offset);
  if (category === 0xa) return bytes.subarray(offset + 2, end);
  if (category === 0xb) return bytes.subarray(offset + 5, end);
  return null;
}

/** The value of a signed integer of any width (AMQP 1.0 Part 1, section 1.6); null for any other value. */
export function integerAt(bytes: Buffer, offset: number): number | null {
  const format = uint8At(bytes, offset);
  const start = offset + 1;
  const end = endOfValue(bytes, offset);
  switch (format) {
    case 0x51: // byte
    case 0x54: // smallint
    case 0x55: // smalllong
    case 0x61: // short
    case 0x71: // int
      return bytes.readIntBE(start, end - start);
    case 0x81: // long
      return Number(bytes.readBigInt64BE(start));
    default:
      return null;
  }
}

export interface MapSpan {
  /** Keys and values together: an even number. */
  readonly entries: number;
  readonly start: number;
  readonly end: number;
}

const MAP8 = 0xc1;
const MAP32 = 0xd1;
const NULL = 0x40;

/** Where the entries of the map at `offset` lie; a null counts as an empty map. */
export function mapAt(bytes: Buffer, offset: number): MapSpan {
  const format = uint8At(bytes, offset);
  const end = endOfValue(bytes, offset);
  if (format === NULL) return { entries: 0, start: end, end };
  const header = format === MAP8 ? 3 : format === MAP32 ? 9 : 0;
  if (header === 0 || offset + header > end) throw new AmqpDecodeError('a map was expected', offset);
  const entries = format === MAP8 ? uint8At(bytes, offset + 2) : uint32At(bytes, offset + 5);
  if (entries % 2 !== 0) throw new AmqpDecodeError('a map has a key without a value', offset);
  return { entries, start: offset + header, end };
}

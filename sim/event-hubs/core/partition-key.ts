/**
 * Where the service puts an event that is sent with a partition key: Bob Jenkins' lookup3 (`hashlittle2`) over
 * the key's UTF-8 bytes, both halves folded into a signed 16-bit number, modulo the number of partitions. So a
 * key lands here in the partition where it would land in Azure.
 */

const WORD_BYTES = 4;
const BLOCK_BYTES = 12;
const SEED = 0xdeadbeef;

interface State {
  a: number;
  b: number;
  c: number;
}

/** The index, in [0, `partitionCount`), of the partition that takes events sent with `partitionKey`. */
export function partitionOfKey(partitionKey: string, partitionCount: number): number {
  return Math.abs(hashOfPartitionKey(partitionKey) % partitionCount);
}

/** The service's hash of a partition key: a signed 16-bit integer. */
export function hashOfPartitionKey(partitionKey: string): number {
  const { b, c } = lookup3(Buffer.from(partitionKey, 'utf8'));
  return ((b ^ c) << 16) >> 16;
}

function lookup3(key: Buffer): State {
  const start = (SEED + key.length) | 0;
  const state: State = { a: start, b: start, c: start };
  if (key.length === 0) return state;
  // The last block, full or not, is mixed by `finish`.
  const lastBlock = Math.floor((key.length - 1) / BLOCK_BYTES) * BLOCK_BYTES;
  for (let offset = 0; offset < lastBlock; offset += BLOCK_BYTES) {
    addBlock(state, key, offset);
    mix(state);
  }
  const padded = Buffer.alloc(BLOCK_BYTES);
  key.copy(padded, 0, lastBlock);
  addBlock(state, padded, 0);
  finish(state);
  return state;
}

function addBlock(state: State, bytes: Buffer, offset: number): void {
  state.a = (state.a + bytes.readInt32LE(offset)) | 0;
  state.b = (state.b + bytes.readInt32LE(offset + WORD_BYTES)) | 0;
  state.c = (state.c + bytes.readInt32LE(offset + 2 * WORD_BYTES)) | 0;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** lookup3's `mix`. */
function mix(state: State): void {
  let { a, b, c } = state;
  a = ((a - c) | 0) ^ rotate(c, 4);
  c = (c + b) | 0;
  b = ((b - a) | 0) ^ rotate(a, 6);
  a = (a + c) | 0;
  c = ((c - b) | 0) ^ rotate(b, 8);
  b = (b + a) | 0;
  a = ((a - c) | 0) ^ rotate(c, 16);
  c = (c + b) | 0;
  b = ((b - a) | 0) ^ rotate(a, 19);
  a = (a + c) | 0;
  c = ((c - b) | 0) ^ rotate(b, 4);
  b = (b + a) | 0;
  state.a = a;
  state.b = b;
  state.c = c;
}

/** lookup3's `final`. */
function finish(state: State): void {
  let { a, b, c } = state;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  state.a = a;
  state.b = b;
  state.c = c;
}

/** Avro object container files: events with the types that Stream Analytics gives them (Data Types page, "Avro in"). */
import avro from 'avsc';
import { snappyUncompress } from 'hyparquet';
import { float, integer, type Value, type ValueRecord } from '../engine/values/values.js';

/** Longs without a loss of digits: Avro's have 64 bits. */
const LONG = avro.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer: (long: bigint) => {
    const buffer = Buffer.alloc(8);
    buffer.writeBigInt64LE(long);
    return buffer;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

/** Of a snappy block, the last four bytes are a checksum and the first of the rest say how long it is. */
function snappy(block: Buffer, done: (error: Error | null, data?: Buffer) => void): void {
  try {
    const compressed = block.subarray(0, -4);
    const output = new Uint8Array(uncompressedLength(compressed));
    snappyUncompress(compressed, output);
    done(null, Buffer.from(output));
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
  }
}

/** The varint at the start of snappy data. */
function uncompressedLength(data: Uint8Array): number {
  let length = 0;
  for (let i = 0; i < data.length; i++) {
    const byte = data[i] ?? 0;
    length += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) break;
  }
  return length;
}

/** Every record of a file, block by block. Rejects for what is no Avro, for other codecs, and for maps, which Azure does not read. */
export async function* readAvro(file: string): AsyncGenerator<ValueRecord, void, undefined> {
  let schema: avro.Type | undefined;
  const decoder = avro.createFileDecoder(file, {
    codecs: { ...avro.streams.BlockDecoder.defaultCodecs(), snappy },
    parseHook: (written) => {
      schema = avro.Type.forSchema(written as avro.schema.AvroSchema, { registry: { long: LONG } });
      return schema;
    },
  });
  for await (const record of decoder) {
    const row = schema === undefined ? undefined : toValue(record, schema);
    if (typeof row !== 'object' || row === null) throw new Error('its schema is not of records');
    yield row as ValueRecord;
  }
  if (schema === undefined) throw new Error('it has no Avro header');
}

/** What avsc's types say of themselves beyond their declarations. */
interface TypeShape {
  readonly typeName: string;
  readonly fields?: readonly { readonly name: string; readonly type: avro.Type }[];
  readonly itemsType?: avro.Type;
  readonly types?: readonly avro.Type[];
  readonly underlyingType?: avro.Type;
}

function toValue(value: unknown, type: avro.Type): Value {
  const shape = type as unknown as TypeShape;
  if (value === null || value === undefined) return null;
  switch (shape.typeName) {
    case 'record':
    case 'error': {
      const record = value as Readonly<Record<string, unknown>>;
      return Object.fromEntries(
        (shape.fields ?? []).map((field) => [field.name, toValue(record[field.name], field.type)]),
      );
    }
    case 'array': {
      const { itemsType } = shape;
      return itemsType === undefined ? [] : (value as unknown[]).map((item) => toValue(item, itemsType));
    }
    case 'union:unwrapped': {
      const branch = shape.types?.find((candidate) => candidate.isValid(value));
      return branch === undefined ? null : toValue(value, branch);
    }
    case 'union:wrapped': {
      const [name, inner] = Object.entries(value)[0] ?? [];
      const branch = shape.types?.find((candidate) => candidate.branchName === name);
      return branch === undefined ? null : toValue(inner, branch);
    }
    case 'map':
      throw new Error('it has a field of type map, which Stream Analytics does not read');
    case 'float':
    case 'double':
      return float(value as number);
    case 'bytes':
    case 'fixed':
      return Buffer.from(value as Uint8Array).toString('base64');
    default:
      return typeof value === 'bigint' ? integer(value) : (value as Value);
  }
}

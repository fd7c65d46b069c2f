/**
 * Reads JSON objects, one a line, and of each only the fields that are asked for: an event has many fields and a
 * query reads few. Takes what JSON.parse takes and nothing else.
 *
 * Lines of one file spell the same fields in the same order, so a reader is generated for the shape of the lines
 * (`line-shape.ts`). A line of another shape is read member by member, which teaches the scanner its shape.
 */
import type { Value, ValueRecord } from '../engine/values/values.js';
import { ByteReader } from './byte-reader.js';
import { generateLineReader, type LineReader, type Member, rowMaker, SKIPPED } from './line-shape.js';

export { PADDING } from './byte-reader.js';

const COMMA = 44;
const COLON = 58;
const QUOTE = 34;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Shapes that are remembered at once; each is tried before a line is read member by member. */
const SHAPES_MAX = 4;
/** Lines with ever new shapes are not worth generating readers for. */
const SHAPES_LEARNT_MAX = 64;

/** What a scanner is asked to read. */
export interface WantedFields {
  /**
   * Names are found in any case: the very spelling when an object has it, else the one that comes first. A field
   * that an object does not have is null.
   */
  readonly fields: readonly string[];
  /** Those of `fields` that are read as datetimes where they are one. */
  readonly timeFields: readonly string[];
  /** One row is filled again for every line. */
  readonly reuse: boolean;
}

export class JsonScanner {
  private readonly reader = new ByteReader();
  private readonly indexes = new Map<string, number>();
  private readonly isTime: readonly boolean[];
  private readonly makeRow: (values: readonly Value[]) => ValueRecord;
  /** The shape met last first. */
  private readonly shapes: LineReader[] = [];
  private learnt = 0;

  constructor(private readonly wanted: WantedFields) {
    const { fields, timeFields } = wanted;
    this.isTime = fields.map((field) => timeFields.includes(field));
    for (const [i, field] of fields.entries()) this.indexes.set(field.toLowerCase(), i);
    this.makeRow = rowMaker(wanted);
  }

  /** The bytes that lines are read from. They end in a line break and `PADDING` bytes in all. */
  open(bytes: Buffer): void {
    this.reader.open(bytes);
  }

  /** Reads the line in `[start, end)`; undefined when it is no JSON object. */
  read(start: number, end: number): ValueRecord | undefined {
    const { reader, shapes } = this;
    for (let i = 0; i < shapes.length; i++) {
      const shape = shapes[i];
      reader.at = start;
      const row = shape?.(reader, end);
      if (row === undefined || shape === undefined) continue;
      if (i > 0) this.prefer(shape);
      return row;
    }
    reader.at = start;
    return this.readMembers(end);
  }

  private prefer(shape: LineReader): void {
    const at = this.shapes.indexOf(shape);
    this.shapes.splice(at < 0 ? SHAPES_MAX - 1 : at, 1);
    this.shapes.unshift(shape);
  }

  /** Reads a line of no known shape, and learns its shape. */
  private readMembers(end: number): ValueRecord | undefined {
    const { reader } = this;
    const start = reader.at;
    const members: Member[] = [];
    /** The spelling that each field has been read under. */
    const spellings: string[] = [];
    const values: Value[] = this.wanted.fields.map(() => null);
    reader.blanks();
    if (!reader.takes(OPEN_BRACE)) return undefined;
    let keyStart = start;
    for (let separator = OPEN_BRACE; separator !== CLOSE_BRACE; ) {
      reader.blanks();
      if (members.length === 0 && reader.takes(CLOSE_BRACE)) break;
      const name = this.key();
      if (name === undefined) return undefined;
      const field = this.fieldOf(name, spellings);
      members.push({ name, field, bytes: Buffer.from(reader.bytes.subarray(keyStart, reader.at)) });
      const value = field === SKIPPED ? this.skipped() : this.valueOf(field);
      if (value === undefined) return undefined;
      if (field !== SKIPPED) values[field] = value;
      keyStart = reader.at;
      reader.blanks();
      separator = reader.takes(COMMA) ? COMMA : CLOSE_BRACE;
      if (separator === CLOSE_BRACE && !reader.takes(CLOSE_BRACE)) return undefined;
    }
    reader.blanks();
    if (reader.at !== end) return undefined;
    this.learn(members);
    return this.makeRow(values);
  }

  private key(): string | undefined {
    const { reader } = this;
    if (reader.view.getUint8(reader.at) !== QUOTE) return undefined;
    const name = reader.string();
    reader.blanks();
    if (!reader.takes(COLON)) return undefined;
    reader.blanks();
    return name;
  }

  /** The field that a key names here, SKIPPED when it is none or another spelling of it counts. */
  private fieldOf(name: string, spellings: string[]): number {
    const field = this.indexes.get(name.toLowerCase());
    if (field === undefined) return SKIPPED;
    const taken = spellings[field];
    if (taken !== undefined && taken !== name && name !== this.wanted.fields[field]) return SKIPPED;
    if (taken !== undefined && taken !== name && taken === this.wanted.fields[field]) return SKIPPED;
    spellings[field] = name;
    return field;
  }

  private skipped(): null | undefined {
    return this.reader.skip() ? null : undefined;
  }

  private valueOf(field: number): Value | undefined {
    return this.isTime[field] === true ? this.reader.time() : this.reader.value();
  }

  private learn(members: readonly Member[]): void {
    if (members.length === 0 || this.learnt === SHAPES_LEARNT_MAX) return;
    this.learnt++;
    this.prefer(generateLineReader(members, this.wanted));
  }
}

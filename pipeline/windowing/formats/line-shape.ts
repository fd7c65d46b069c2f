/**
 * The shape of a line is its keys in their order, with all that stands between the values. Its generated reader
 * compares those bytes with what it knows, four at a time, and reads or passes over a value between each two: no
 * key is looked up, and a value goes from its bytes into the row.
 */

import { memberName } from '../engine/values/member-name.js';
import type { Value, ValueRecord } from '../engine/values/values.js';
import type { ByteReader } from './byte-reader.js';
import { BYTES_A_WORD } from './byte-words.js';

/** The field of a member that is passed over. */
export const SKIPPED = -1;

export interface Member {
  readonly name: string;
  /** Index of the field that it is read into, or SKIPPED. */
  readonly field: number;
  /** From the end of the value before it, or the start of the line, to its own value. */
  readonly bytes: Buffer;
}

/** Reads the line that ends at `end` from where the reader stands; undefined when it has another shape. */
export type LineReader = (reader: ByteReader, end: number) => ValueRecord | undefined;

interface RowShape {
  readonly fields: readonly string[];
  readonly timeFields: readonly string[];
  readonly reuse: boolean;
}

const CLOSE_BRACE = 125;

export function generateLineReader(members: readonly Member[], shape: RowShape): LineReader {
  const variables = shape.fields.map((_field, i) => `v${i}`);
  const lines = members.flatMap(({ bytes, field }) => [
    `if (${bytesDiffer(bytes)}) return undefined;`,
    `r.at += ${bytes.length};`,
    field === SKIPPED ? 'if (!r.skip()) return undefined;' : readField(field, shape),
  ]);
  return build<LineReader>(
    shape,
    ['r', 'end'],
    [
      'const view = r.view;',
      ...variables.map((variable) => `let ${variable} = null;`),
      ...lines,
      `if (view.getUint8(r.at++) !== ${CLOSE_BRACE}) return undefined;`,
      'if (r.at !== end) { r.blanks(); if (r.at !== end) return undefined; }',
      rowOf(shape, variables),
    ],
  );
}

/** The row that has the values given, in the order of the fields. */
export function rowMaker(shape: RowShape): (values: readonly Value[]) => ValueRecord {
  return build(
    shape,
    ['v'],
    [
      rowOf(
        shape,
        shape.fields.map((_field, i) => `v[${i}]`),
      ),
    ],
  );
}

function build<F>(shape: RowShape, parameters: readonly string[], body: readonly string[]): F {
  const row = shape.reuse ? `const row = ${objectOf(shape.fields, () => 'null')};` : '';
  const source = `"use strict";\n${row}\nreturn function (${parameters.join(', ')}) {\n${body.join('\n')}\n};`;
  return new Function(source)() as F;
}

/** Rows of one shape, so that reading them stays fast. Names go in as JSON literals. */
function rowOf(shape: RowShape, values: readonly string[]): string {
  if (!shape.reuse) return `return ${objectOf(shape.fields, (i) => values[i] ?? 'null')};`;
  const fills = shape.fields.map((field, i) => `row[${JSON.stringify(field)}] = ${values[i]};`);
  return `${fills.join('\n')}\nreturn row;`;
}

function objectOf(fields: readonly string[], value: (index: number) => string): string {
  return `{ ${fields.map((field, i) => `${memberName(field)}: ${value(i)}`).join(', ')} }`;
}

function readField(field: number, shape: RowShape): string {
  const isTime = shape.timeFields.includes(shape.fields[field] ?? '');
  return `v${field} = ${isTime ? 'r.time()' : 'r.value()'};\nif (v${field} === undefined) return undefined;`;
}

/** A condition that holds when other bytes come next. */
function bytesDiffer(bytes: Buffer): string {
  const { length } = bytes;
  if (length < BYTES_A_WORD) {
    return [...bytes].map((byte, i) => `view.getUint8(r.at + ${i}) !== ${byte}`).join(' || ');
  }
  const places: number[] = [];
  for (let at = 0; at + BYTES_A_WORD <= length; at += BYTES_A_WORD) places.push(at);
  // What remains is compared as the last whole word, of which some has been compared already.
  if (length % BYTES_A_WORD > 0) places.push(length - BYTES_A_WORD);
  return places
    .map((place) => `view.getInt32(r.at + ${place}, true) !== ${bytes.readInt32LE(place)}`)
    .join(' || ');
}

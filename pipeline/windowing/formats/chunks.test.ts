/** Formats that are read in chunks give the same events wherever a file is cut. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsvLines } from './csv.js';
import { JsonArray } from './json-array.js';

interface Read {
  readonly rows: readonly unknown[];
  readonly bad: readonly number[];
}

interface Reader {
  feed(chunk: Buffer): void;
  end(): void;
}

type Open = (onRow: (row: unknown, line: number) => void, onBad: (line: number) => void) => Reader;

const csv: Open = (onRow) => new CsvLines((body, line) => onRow({ body, line }, line));
const array: Open = (onRow, onBad) => new JsonArray(onRow, onBad);

/** Reads a text in chunks of so many bytes; the memory of each is used again for the next. */
function read(open: Open, text: string, chunkBytes = 1_000): Read {
  const rows: unknown[] = [];
  const bad: number[] = [];
  const reader = open(
    (row) => rows.push(row),
    (line) => bad.push(line),
  );
  const bytes = Buffer.from(text);
  const chunk = Buffer.alloc(chunkBytes);
  for (let at = 0; at < bytes.length; at += chunkBytes)
    reader.feed(chunk.subarray(0, bytes.copy(chunk, 0, at, at + chunkBytes)));
  reader.end();
  return { rows, bad };
}

describe('CSV', () => {
  test('quotes, delimiters and line breaks in values', () => {
    expect(read(csv, 'a,b\r\n"x, ""y""\nz",2\r\n\r\n3,\n').rows).toEqual([
      { body: { a: 'x, "y"\nz', b: '2' }, line: 2 },
      { body: { a: '3', b: '' }, line: 5 },
    ]);
  });

  test('the delimiter of the header, and a byte order mark before it', () => {
    expect(read(csv, '\ufeffa;b\n1;2').rows).toEqual([{ body: { a: '1', b: '2' }, line: 2 }]);
  });

  test('values come back as they were written, wherever the file is cut', () => {
    const value = fc.string({ unit: fc.constantFrom('a', 'ü', '"', ',', '\n', '\r', ';'), maxLength: 6 });
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, value), { minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        (records, size) => {
          const text = records.map(([a, b]) => `${quoted(a)},${quoted(b)}\r\n`).join('');
          const { rows } = read(csv, `a,b\n${text}`, size);
          expect(rows.map((row) => (row as { body: unknown }).body)).toEqual(
            records.map(([a, b]) => ({ a, b })),
          );
        },
      ),
    );
  });
});

describe('a JSON array', () => {
  test('its objects are events, and what is none is bad alone', () => {
    expect(read(array, '\ufeff [{"a": [1, {"b": "],"}]}, 5, {"c" 1}, {"d": "\\""}]\n')).toEqual({
      rows: [{ a: [1, { b: '],' }] }, { d: '"' }],
      bad: [2, 3],
    });
  });

  test('it may be empty, but must end, and nothing may follow', () => {
    expect(read(array, '[ ]')).toEqual({ rows: [], bad: [] });
    expect(read(array, '[{"a":1}')).toEqual({ rows: [], bad: [1] });
    expect(read(array, '[{"a":1},')).toEqual({ rows: [{ a: 1 }], bad: [2] });
    expect(read(array, '[{"a":1}] []')).toEqual({ rows: [{ a: 1 }], bad: [2] });
  });

  test('any objects come out as they went in, wherever the file is cut and however it is indented', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        (objects, size, indented) => {
          const text = JSON.stringify(objects, null, indented ? 2 : undefined);
          expect(read(array, text, size)).toEqual({ rows: JSON.parse(text), bad: [] });
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toOutput } from '../engine/values/values.js';
import { JsonLines } from './json-lines.js';

const FIELDS = ['a', 'Name', 'deep', 'missing'];

function read(text: string, cuts: readonly number[] = [], fields: readonly string[] | 'all' = FIELDS) {
  const rows: unknown[] = [];
  const bad: number[] = [];
  const lines = new JsonLines({
    fields: fields === 'all' ? undefined : fields,
    timeFields: [],
    reuse: false,
    onRow: (row) => rows.push(toOutput(row)),
    onBadLine: (line) => bad.push(line),
  });
  const bytes = Buffer.from(text);
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    lines.feed(bytes.subarray(from, Math.max(from, Math.min(cut, bytes.length))));
    from = Math.max(from, Math.min(cut, bytes.length));
  }
  lines.feed(bytes.subarray(from));
  lines.end();
  return { rows, bad };
}

/** JSON.parse loses the digits beyond 2^53 that the reader keeps, and the sign of zero is lost by JSON. */
function asDoubles(rows: readonly unknown[]): unknown {
  return JSON.parse(
    JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
  );
}

describe('JSON lines', () => {
  test('the fields that are asked for are what JSON.parse reads, however the bytes are cut', () => {
    const value = fc.jsonValue({ maxDepth: 2 });
    const object = fc.record({ a: value, Name: value, deep: value, other: value }, { requiredKeys: [] });
    const extra = fc.dictionary(fc.string({ maxLength: 6 }), value, { maxKeys: 2 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(extra, object), { maxLength: 5 }),
        fc.array(fc.nat(400)),
        (pairs, cuts) => {
          const objects = pairs.map(([more, own]) => ({ ...more, ...own }));
          const clashes = objects.some((one) =>
            Object.keys(one).some((key) =>
              FIELDS.some((f) => f !== key && f.toLowerCase() === key.toLowerCase()),
            ),
          );
          fc.pre(!clashes);
          const text = objects.map((one) => `${JSON.stringify(one)}\n`).join('');
          const expected = objects.map((one) => {
            const parsed = JSON.parse(JSON.stringify(one)) as Record<string, unknown>;
            return Object.fromEntries(
              FIELDS.map((field) => [field, Object.hasOwn(parsed, field) ? parsed[field] : null]),
            );
          });
          const { rows, bad } = read(text, cuts);
          expect([asDoubles(rows), bad]).toEqual([expected, []]);
        },
      ),
    );
  });

  test('any other text is a bad line, and the lines around it are read', () => {
    fc.assert(
      fc.property(fc.string(), (garbage) => {
        const line = garbage.replace(/[\r\n]/g, ' ');
        let isObject = false;
        try {
          const parsed: unknown = JSON.parse(line);
          isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
        } catch {}
        fc.pre(!isObject && line.trim() !== '');
        const { rows, bad } = read(`{"a":1}\n${line}\n{"a":2}`);
        expect([rows.length, bad]).toEqual([2, [2]]);
      }),
    );
  });

  test('numbers keep their type, their digits and their sign', () => {
    const line = '{"a": [5.0], "Name": -12.5e2, "deep": 12345678901234567890}';
    expect(read(line).rows).toEqual([{ a: [5], Name: -1250, deep: 12345678901234567890n, missing: null }]);
  });

  test('names are found in any case, blank lines and a byte order mark are skipped', () => {
    expect(read('\ufeff{"A": 1}\n\n{"NAME": "x"}\r\n').rows).toEqual([
      { a: 1, Name: null, deep: null, missing: null },
      { a: null, Name: 'x', deep: null, missing: null },
    ]);
  });

  test('whole objects when no fields are named', () => {
    expect(read('{"x": {"y": 1}}\n[1]', [], 'all')).toEqual({ rows: [{ x: { y: 1 } }], bad: [2] });
  });
});

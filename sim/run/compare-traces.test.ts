import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { compareTraces } from './compare-traces.js';

const folder = mkdtempSync(join(tmpdir(), 'footfall-traces-'));
afterAll(() => rmSync(folder, { recursive: true }));

function trace(name: string, lines: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return file;
}

const SAME = ['10:00:00 iot-hub connect camera-1', '10:00:01 blob-storage PutBlob a.jpg'];

test.each([
  ['equal traces do not part', [], [], null],
  ['the first event that differs is named', ['x', 'z'], ['y', 'z'], { line: 3, one: 'x', other: 'y' }],
  ['a trace that ends early parts at its end', [], ['y'], { line: 3, one: null, other: 'y' }],
] as const)('%s', async (_what, one, other, parting) => {
  const found = await compareTraces(
    trace('one.log', [...SAME, ...one]),
    trace('other.log', [...SAME, ...other]),
  );
  expect(found).toEqual(parting);
});

import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { sampleRecord } from '../../reports/sample-record.testing.js';
import { verdictLines } from './run-summary.js';

const record = { ...sampleRecord({ minutes: 1 }), warnings: [] };
const plain = (lines: readonly string[]) => lines.map(stripVTControlCharacters);

test('a run that nothing was checked of does not claim that all held', () => {
  const early = { ...record, complete: false, invariants: [], expectations: [] };
  expect(plain(verdictLines(early))).toEqual(['  ● interrupted before anything was checked']);
});

test('an interrupted run says how far its checks go', () => {
  const lines = plain(verdictLines({ ...record, complete: false }));
  expect(lines[0]).toBe('  ● interrupted: checks and figures are those up to then');
  expect(lines[1]).toMatch(/^ {2}✔ \d+ of \d+ invariants and expectations held$/);
});

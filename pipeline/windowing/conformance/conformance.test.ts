import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ABSENT } from './absent.testing.js';
import { AGGREGATE_CASES } from './aggregates.testing.js';
import { type ConformanceCase, runConformanceCase } from './case.testing.js';
import { CLAUSE_CASES } from './clauses.testing.js';
import { FUNCTION_CASES } from './functions.testing.js';
import { JOIN_CASES } from './joins.testing.js';
import { PATTERN_CASES } from './patterns.testing.js';
import { TIME_CASES } from './time.testing.js';
import { WINDOW_CASES } from './windows.testing.js';

const CASES: readonly ConformanceCase[] = [
  ...WINDOW_CASES,
  ...CLAUSE_CASES,
  ...JOIN_CASES,
  ...TIME_CASES,
  ...AGGREGATE_CASES,
  ...FUNCTION_CASES,
  ...PATTERN_CASES,
];

describe('documented constructs', () => {
  test.each(CASES.map((item) => [`${item.family}: ${item.construct}`, item] as const))(
    '%s',
    (_name, item) => {
      expect(runConformanceCase(item)).toEqual(item.expected);
    },
  );
});

test('CONFORMANCE.md says what the cases show', async () => {
  await expect(conformancePage()).toMatchFileSnapshot(join(import.meta.dirname, '../CONFORMANCE.md'));
});

function conformancePage(): string {
  const families = [...new Set([...CASES.map((item) => item.family), ...ABSENT.map((item) => item.family)])];
  const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
  const sections = families.map((family) => {
    const shown = CASES.filter((item) => item.family === family).map((item) => {
      const remark = item.remark === undefined ? '' : ` (${item.remark})`;
      return `- ${item.status}${remark}: ${item.construct}\n\n  \`\`\`sql\n  ${oneLine(item.query)}\n  \`\`\``;
    });
    const absent = ABSENT.filter((item) => item.family === family).map(
      (item) => `- absent (${item.remark}): ${item.construct}`,
    );
    return [`## ${family}`, ...shown, ...absent].join('\n\n');
  });
  const intro = [
    '# Conformance to the Stream Analytics query language',
    '',
    'Written by `conformance.test.ts` from the cases it runs; `npx vitest run pipeline/windowing/conformance -u` writes it',
    'anew. Each line is a documented construct and the query that shows it.',
  ].join('\n');
  return `${[intro, ...sections].join('\n\n')}\n`;
}

/** What a replay is expected to give, from a YAML file: a figure a key, `count: 12±1`, `mota: '>=0.75'`. */
import { z } from 'zod';
import { checkDocument } from '../../scenario/check-document.js';
import { BadInputError } from '../../scenario/input-problem.js';
import { readDocument } from '../../scenario/located-document.js';
import {
  EXPECTED_FIGURES,
  type ExpectedFigure,
  isExpectedFigure,
  parseRange,
  type ReplayExpectation,
} from './replay-expectation.js';

const expected = z.union([z.number(), z.string()]).optional();

const figures = Object.fromEntries(EXPECTED_FIGURES.map((figure) => [figure, expected])) as Record<
  ExpectedFigure,
  typeof expected
>;

export const expectationsDocumentSchema = z.strictObject(figures).meta({
  title: 'footfall replay expectations',
  description: 'Figures of a replay, each a number, a number and a tolerance (12±1), or a bound (>=0.75).',
});

/** Throws `BadInputError` with every problem found, each at its place. */
export function readExpectations(file: string): readonly ReplayExpectation[] {
  const located = readDocument(file);
  const document = checkDocument(located, expectationsDocumentSchema);
  const expectations: ReplayExpectation[] = [];
  const written = Object.keys(Object(located.value)).filter(isExpectedFigure);
  const problems = written.flatMap((figure) => {
    const value = document[figure];
    if (value === undefined) return [];
    const range = parseRange(String(value).replaceAll(' ', ''));
    if (range === null) {
      return [
        located.problemAt([figure], {
          code: 'FF_EXPECTATION',
          message: `'${value}' says nothing that ${figure} could be`,
          expected: `a number, a number and a tolerance such as 12±1, or a bound such as '>=0.75'`,
        }),
      ];
    }
    const { line, column } = located.problemAt([figure], { code: '', message: '' });
    const text = /^[<>≤≥]/.test(String(value)) ? `${figure} ${value}` : `${figure} = ${value}`;
    expectations.push({ figure, ...range, text, at: `${file}:${line}:${column}` });
    return [];
  });
  if (problems.length > 0) throw new BadInputError(problems);
  return expectations;
}

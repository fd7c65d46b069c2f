import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { Workplace } from '../../cli/cli.testing.js';
import { BadInputError } from '../../scenario/input-problem.js';
import { readExpectations } from './expectations-file.js';

const place = new Workplace();
afterAll(() => place.remove());

function fileOf(lines: readonly string[]): string {
  const file = place.path('expectations.yaml');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** The problems of a file, as line:column code. */
function problemsOf(lines: readonly string[]): readonly string[] {
  try {
    readExpectations(fileOf(lines));
  } catch (error) {
    if (error instanceof BadInputError)
      return error.problems.map(({ line, column, code }) => `${line}:${column} ${code}`);
    throw error;
  }
  return [];
}

describe('a file of expectations', () => {
  test('holds figures as the option states them, each with its place', () => {
    const file = fileOf(['count: 12 ± 1', 'in: 5', "mota: '>=0.75'", 'windowCountError: <=2']);
    expect(readExpectations(file)).toEqual([
      { figure: 'count', atLeast: 11, atMost: 13, text: 'count = 12 ± 1', at: `${file}:1:8` },
      { figure: 'in', atLeast: 5, atMost: 5, text: 'in = 5', at: `${file}:2:5` },
      {
        figure: 'mota',
        atLeast: 0.75,
        atMost: Number.POSITIVE_INFINITY,
        text: 'mota >=0.75',
        at: `${file}:3:7`,
      },
      {
        figure: 'windowCountError',
        atLeast: Number.NEGATIVE_INFINITY,
        atMost: 2,
        text: 'windowCountError <=2',
        at: `${file}:4:19`,
      },
    ]);
  });

  test.each([
    ['an unknown figure', ['count: 1', 'people: 3'], ['2:1 FF_SCENARIO_UNKNOWN_KEY']],
    ['no range', ['count: many', 'in: 1±'], ['1:8 FF_EXPECTATION', '2:5 FF_EXPECTATION']],
    ['a list', ['count: [1, 2]'], ['1:8 FF_SCENARIO_VALUE']],
  ])('with %s is refused at its place', (_what, lines, problems) => {
    expect(problemsOf(lines)).toEqual(problems);
  });
});

/** `--expect count=12±1`: how many people a replay must count. */
import { BadInputError, fileProblem } from '../scenario/input-problem.js';

export interface CountExpectation {
  readonly text: string;
  readonly people: number;
  readonly tolerance: number;
}

export interface JudgedExpectation {
  readonly text: string;
  readonly expected: number;
  readonly tolerance: number;
  readonly measured: number;
  readonly held: boolean;
}

/** Reads `count=12`, `count=12±1` or `count=12+-1`. Throws `BadInputError`. */
export function parseCountExpectation(text: string): CountExpectation {
  const match = /^count=(\d+)(?:(?:±|\+-|\+\/-)(\d+))?$/.exec(text.replaceAll(' ', ''));
  if (match === null) {
    throw new BadInputError([
      fileProblem('FF_USAGE', '--expect', `'${text}' is no expectation`, 'count=12 or count=12±1'),
    ]);
  }
  return { text, people: Number(match[1]), tolerance: Number(match[2] ?? 0) };
}

export function judgeCount(
  { text, people, tolerance }: CountExpectation,
  measured: number,
): JudgedExpectation {
  return { text, expected: people, tolerance, measured, held: Math.abs(measured - people) <= tolerance };
}

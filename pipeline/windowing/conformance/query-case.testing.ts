/** Cases of a whole query over a few events of the input `input`. */
import type { ConformanceCase, Row } from './case.testing.js';

export function query(
  family: string,
  construct: string,
  text: string,
  events: readonly Row[],
  expected: readonly Row[],
  more: Partial<ConformanceCase> = {},
): ConformanceCase {
  return {
    family,
    construct,
    status: 'supported',
    query: text,
    inputs: { input: events },
    expected,
    ...more,
  };
}

export const IN = 'FROM input TIMESTAMP BY time';
export const numbers = (...times: readonly number[]): readonly Row[] => times.map((t) => ({ t, v: t }));
export const counted = (window: string): string =>
  `SELECT System.Timestamp() AS e, COUNT(*) AS n ${IN} GROUP BY ${window}`;
export const keyed: readonly Row[] = [
  { t: 1, k: 'a', v: 1 },
  { t: 2, k: 'b', v: 5 },
  { t: 3, k: 'a', v: 3 },
];

/** What a replay is expected to count and how well it is to track: `count=12±1`, `mota>=0.75`. */
import type { Expectation } from '../../../reports/run-record.js';
import { largestCountError } from '../../camera/footage/session/count-windows.js';
import type { PlayedFootage } from '../../camera/footage/session/session-messages.js';

/** Figures that can be expected, and where they come from; undefined when they are not known. */
const FIGURES = {
  count: ({ counts }) => counts.people,
  in: ({ counts }) => counts.in ?? undefined,
  out: ({ counts }) => counts.out ?? undefined,
  returned: ({ counts }) => counts.returned,
  countError: ({ counts, trueCounts }) =>
    trueCounts === null ? undefined : counts.people - trueCounts.people,
  windowCountError: ({ windows }) => largestCountError(windows) ?? undefined,
  precision: ({ quality }) => quality?.precision,
  recall: ({ quality }) => quality?.recall,
  mota: ({ quality }) => quality?.mota,
  motp: ({ quality }) => quality?.motp,
  idf1: ({ quality }) => quality?.idf1,
  idSwitches: ({ quality }) => quality?.idSwitches,
  fragmentations: ({ quality }) => quality?.fragmentations,
} as const satisfies Readonly<Record<string, (played: PlayedFootage) => number | undefined>>;

export type ExpectedFigure = keyof typeof FIGURES;
export const EXPECTED_FIGURES = Object.keys(FIGURES) as readonly ExpectedFigure[];

export interface ReplayExpectation {
  readonly figure: ExpectedFigure;
  readonly atLeast: number;
  readonly atMost: number;
  /** As it was written. */
  readonly text: string;
  /** Where it was written: an option, or file:line:column. */
  readonly at: string;
}

export function isExpectedFigure(name: string): name is ExpectedFigure {
  return name in FIGURES;
}

/** `12`, `12±1`, `>=0.75`, `<=3`: the range that it allows; null when it is none of these. */
export function parseRange(text: string): Pick<ReplayExpectation, 'atLeast' | 'atMost'> | null {
  const number = String.raw`(-?\d+(?:\.\d+)?)`;
  const about = new RegExp(`^=?${number}(?:(?:±|\\+-|\\+/-)${number})?$`).exec(text);
  if (about !== null) {
    const [middle, tolerance] = [Number(about[1]), Number(about[2] ?? 0)];
    return { atLeast: middle - tolerance, atMost: middle + tolerance };
  }
  const bound = new RegExp(`^(>=|≥|<=|≤)${number}$`).exec(text);
  if (bound === null) return null;
  const limit = Number(bound[2]);
  return bound[1] === '>=' || bound[1] === '≥'
    ? { atLeast: limit, atMost: Number.POSITIVE_INFINITY }
    : { atLeast: Number.NEGATIVE_INFINITY, atMost: limit };
}

/** Figures are compared as they are shown: to thousandths. */
const shown = (value: number) => Math.round(value * 1_000) / 1_000;

export function judgeFigure(
  { figure, atLeast, atMost, text, at }: ReplayExpectation,
  played: PlayedFootage,
): Expectation {
  const value = FIGURES[figure](played);
  if (value === undefined) {
    const why = figure === 'in' || figure === 'out' ? 'there is no line' : 'there is no ground truth';
    return {
      name: figure,
      ok: false,
      message: `not known: ${why}`,
      stage: null,
      expected: text,
      actual: 'unknown',
      at,
    };
  }
  const actual = shown(value);
  const ok = actual >= atLeast && actual <= atMost;
  return {
    name: figure,
    ok,
    message: `${actual}, ${text} expected`,
    stage: ok ? null : 'detection',
    expected: text,
    actual: String(actual),
    at,
  };
}

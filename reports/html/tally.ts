import type { AttributedCauses, AttributionRow } from '../run-record.js';
import { CAUSES } from './palette.js';

/** Attribution rows added up. */
export interface Tally {
  readonly truth: number;
  readonly measured: number;
  /** What each cause does to the measured number: `measured` is `truth` plus all effects. */
  readonly effects: AttributedCauses;
}

export function tally(rows: readonly AttributionRow[]): Tally {
  const sumOf = (value: (row: AttributionRow) => number) => rows.reduce((sum, row) => sum + value(row), 0);
  const effectOf = (key: keyof AttributedCauses): number => {
    const effect = CAUSES.find((cause) => cause.key === key)?.effect ?? 1;
    return effect * sumOf((row) => row[key]);
  };
  return {
    truth: sumOf(({ truth }) => truth),
    measured: sumOf(({ measured }) => measured),
    effects: {
      unseen: effectOf('unseen'),
      undetected: effectOf('undetected'),
      notCaptured: effectOf('notCaptured'),
      lost: effectOf('lost'),
      late: effectOf('late'),
      suppressed: effectOf('suppressed'),
      doubleCounted: effectOf('doubleCounted'),
      misAnalysed: effectOf('misAnalysed'),
      shifted: effectOf('shifted'),
    },
  };
}

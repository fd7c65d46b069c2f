import type { AttributedCauses } from '../../../reports/run-record.js';

/** Why numbers differ from the truth, while they are being added up. */
export type Causes = { -readonly [Cause in keyof AttributedCauses]: number };

export function noCauses(): Causes {
  return {
    unseen: 0,
    undetected: 0,
    notCaptured: 0,
    lost: 0,
    late: 0,
    suppressed: 0,
    doubleCounted: 0,
    misAnalysed: 0,
    shifted: 0,
  };
}

/** What the pipeline must have counted if `causes` explain the whole difference from `truth`. */
export function explained(truth: number, causes: AttributedCauses): number {
  const missed =
    causes.unseen + causes.undetected + causes.notCaptured + causes.lost + causes.late + causes.suppressed;
  return truth - missed + causes.doubleCounted + causes.misAnalysed + causes.shifted;
}

import type { AttributedCauses } from '../../../reports/run-record.js';

/** What the pipeline must have counted if `causes` explain the whole difference from `truth`. */
export function explained(truth: number, causes: AttributedCauses): number {
  const missed =
    causes.unseen + causes.undetected + causes.notCaptured + causes.lost + causes.late + causes.suppressed;
  return truth - missed + causes.doubleCounted + causes.misAnalysed + causes.shifted;
}

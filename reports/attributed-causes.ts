import type { AttributedCauses } from './run-record.js';

/** Why numbers differ from the truth, while they are being added up. */
export type CausesSoFar = { -readonly [Cause in keyof AttributedCauses]: number };

export function noCauses(): CausesSoFar {
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

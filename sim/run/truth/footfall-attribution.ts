/**
 * Footfall is a matter of the whole store: a visit counts in the window in which the shopper came in, the
 * pipeline counts it at the first event of a new visitor, perhaps some windows later.
 */
import { type CausesSoFar, noCauses } from '../../../reports/attributed-causes.js';
import type { AttributionRow } from '../../../reports/run-record.js';

/** How far a visit got, in the order of the pipeline. */
const STEPS = ['nowhere', 'seen', 'detected', 'captured', 'late', 'counted'] as const;
type Step = (typeof STEPS)[number];

/** The stage that a visit did not get through. */
const LOST_AFTER: Readonly<Record<Step, keyof CausesSoFar>> = {
  nowhere: 'unseen',
  seen: 'undetected',
  detected: 'notCaptured',
  captured: 'lost',
  late: 'late',
  counted: 'misAnalysed',
};

interface VisitState {
  readonly enteredWindowMs: number;
  step: number;
  readonly countedWindowsMs: number[];
}

/** The section of a row about the whole store. */
export const WHOLE_STORE = '*';

export class FootfallAttribution {
  private readonly visits = new Map<number, VisitState>();
  private readonly newVisitorsMeasured = new Map<number, number>();
  private readonly phantoms = new Map<number, number>();

  entered(shopper: number, windowEndMs: number): void {
    const known = this.visits.get(shopper);
    this.visits.set(shopper, {
      enteredWindowMs: windowEndMs,
      step: known?.step ?? 0,
      countedWindowsMs: known?.countedWindowsMs ?? [],
    });
  }

  reached(shopper: number, step: Step): void {
    const visit = this.visits.get(shopper);
    if (visit !== undefined) visit.step = Math.max(visit.step, STEPS.indexOf(step));
  }

  countedNew(shopper: number, windowEndMs: number): void {
    const visit = this.visits.get(shopper);
    if (visit === undefined) this.countedNobody(windowEndMs);
    else visit.countedWindowsMs.push(windowEndMs);
  }

  countedNobody(windowEndMs: number): void {
    this.phantoms.set(windowEndMs, (this.phantoms.get(windowEndMs) ?? 0) + 1);
  }

  measured(windowEndMs: number, newVisitors: number): void {
    this.newVisitorsMeasured.set(windowEndMs, (this.newVisitorsMeasured.get(windowEndMs) ?? 0) + newVisitors);
  }

  end(onRow: (row: AttributionRow) => void): void {
    const truth = new Map<number, number>();
    const causes = new Map<number, CausesSoFar>();
    const at = (windowEndMs: number): CausesSoFar => {
      const known = causes.get(windowEndMs) ?? noCauses();
      causes.set(windowEndMs, known);
      return known;
    };
    for (const visit of this.visits.values()) {
      const own = visit.enteredWindowMs;
      truth.set(own, (truth.get(own) ?? 0) + 1);
      attributeVisit(visit, at);
    }
    for (const [windowEndMs, count] of this.phantoms) at(windowEndMs).misAnalysed += count;
    const windows = new Set([...truth.keys(), ...causes.keys(), ...this.newVisitorsMeasured.keys()]);
    for (const windowEndMs of [...windows].sort((one, other) => one - other)) {
      onRow({
        windowEnd: new Date(windowEndMs).toISOString(),
        section: WHOLE_STORE,
        quantity: 'footfall',
        truth: truth.get(windowEndMs) ?? 0,
        measured: this.newVisitorsMeasured.get(windowEndMs) ?? 0,
        ...(causes.get(windowEndMs) ?? noCauses()),
      });
    }
  }
}

function attributeVisit(visit: VisitState, at: (windowEndMs: number) => CausesSoFar): void {
  const [first, ...repeats] = visit.countedWindowsMs;
  if (first === undefined) {
    const cause = LOST_AFTER[STEPS[visit.step] ?? 'nowhere'];
    // Everything else is a number of people missed; a face that was not read is an error with a sign.
    at(visit.enteredWindowMs)[cause] += cause === 'misAnalysed' ? -1 : 1;
    return;
  }
  if (first !== visit.enteredWindowMs) {
    at(visit.enteredWindowMs).shifted--;
    at(first).shifted++;
  }
  for (const repeat of repeats) at(repeat).doubleCounted++;
}

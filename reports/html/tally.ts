import { noCauses } from '../attributed-causes.js';
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
  let truth = 0;
  let measured = 0;
  const effects = noCauses();
  for (const row of rows) {
    truth += row.truth;
    measured += row.measured;
    for (const { key, effect } of CAUSES) effects[key] += effect * row[key];
  }
  return { truth, measured, effects };
}

/** Rows about one quantity, by section. */
export function rowsBySection(
  rows: readonly AttributionRow[],
  quantity: AttributionRow['quantity'],
): Map<string, AttributionRow[]> {
  const sections = new Map<string, AttributionRow[]>();
  for (const row of rows) {
    if (row.quantity !== quantity) continue;
    const section = sections.get(row.section);
    if (section === undefined) sections.set(row.section, [row]);
    else section.push(row);
  }
  return sections;
}

/**
 * k-anonymity of window rows: a group smaller than k says too much about its members (L. Sweeney, "k-anonymity:
 * a model for protecting privacy", 2002).
 */
import type { WindowRow } from '../boundaries.js';

export interface SmallGroupPolicy {
  /** The smallest group that may be told of; 1 (or 0) tells of everyone. */
  readonly k: number;
  /** What is withheld of a smaller one: the columns about who they were, or the whole row. */
  readonly withhold: 'demographics' | 'row';
}

/** The columns that say who they were: gender, mood, and one count per age band. */
export const DEMOGRAPHIC_COLUMNS = [
  'females',
  'males',
  'averageEmotion',
  'age0to12',
  'age13to17',
  'age18to24',
  'age25to34',
  'age35to44',
  'age45to54',
  'age55to64',
  'age65plus',
] as const;

/**
 * `row` as it may be shown: as it is when at least k faces were read in it, else without what `withhold` names;
 * null when the whole row is withheld.
 */
export function suppressSmallGroups(row: WindowRow, { k, withhold }: SmallGroupPolicy): WindowRow | null {
  if (k <= 1 || row.faces >= k) return row;
  if (withhold === 'row') return null;
  const present = DEMOGRAPHIC_COLUMNS.filter((column) => column in row);
  return { ...row, ...Object.fromEntries(present.map((column) => [column, null])) };
}

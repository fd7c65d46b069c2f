/** Faults of the streaming job: its query, what it withholds, what it writes. */
import type { Mutation } from './mutation.js';

const OUR_WINDOW = 'TumblingWindow(second, 15)';

/** The query with other windows. Throws when it has not those of the solution. */
const windows = (replacement: string) => (query: string) => {
  if (!query.includes(OUR_WINDOW)) throw new Error(`the query has no ${OUR_WINDOW} that could be replaced`);
  return query.replaceAll(OUR_WINDOW, replacement);
};

export const WINDOW_MUTATIONS: readonly Mutation[] = [
  {
    id: 'shifted-windows',
    stage: 'windowing',
    plants: 'windows begin and end a second early',
    caughtBy: 'every difference from the truth has a cause',
    plant: (parts) => ({
      ...parts,
      query: windows('TumblingWindow(Duration(second, 15), Offset(second, -1))'),
    }),
  },
  {
    id: 'overlapping-windows',
    stage: 'windowing',
    plants: 'windows of half a minute begin every quarter of a minute',
    caughtBy: 'every difference from the truth has a cause',
    plant: (parts) => ({ ...parts, query: windows('HoppingWindow(second, 30, 15)') }),
  },
  {
    id: 'small-groups-shown',
    stage: 'anonymization',
    plants: 'rows tell of groups of any size',
    caughtBy: 'no row tells of a group smaller than k',
    plant: (parts) => ({ ...parts, suppressSmallGroups: (row) => row }),
  },
  {
    id: 'double-rows',
    stage: 'power-bi',
    plants: 'every row is pushed to Power BI twice',
    caughtBy: 'Power BI holds every row once',
    plant: (parts) => ({ ...parts, pushed: (rows) => [...rows, ...rows] }),
  },
];

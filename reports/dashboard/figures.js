/**
 * What the page shows, computed from window rows. Pure: no clock, no document.
 *
 * @typedef {{ windowEnd: string, storeId: string, section: string, people: number, faces: number,
 *   uniqueVisitors: number, newVisitors: number, returningVisitors: number, averageEmotion: number | null,
 *   [column: string]: string | number | null }} WindowRow
 */

export const AGE_BANDS = [
  ['age0to12', '0–12'],
  ['age13to17', '13–17'],
  ['age18to24', '18–24'],
  ['age25to34', '25–34'],
  ['age35to44', '35–44'],
  ['age45to54', '45–54'],
  ['age55to64', '55–64'],
  ['age65plus', '65+'],
];

/** Of the query that footfall ships. */
const WINDOW_MS = 15_000;
const DAY_CHARACTERS = '2020-01-01'.length;

/** Rows of one store, or of all when `storeId` is empty. */
export function rowsOfStore(rows, storeId) {
  return storeId === '' ? rows : rows.filter((row) => row.storeId === storeId);
}

/** The stores that have rows, in the order of their names. */
export function storesOf(rows) {
  return [...new Set(rows.map((row) => row.storeId))].sort();
}

/** The end of the newest window in epoch milliseconds; null without rows. */
export function newestEndMs(rows) {
  return rows.reduce((newest, row) => {
    const endMs = Date.parse(row.windowEnd);
    return newest === null || endMs > newest ? endMs : newest;
  }, null);
}

/** Rows whose window ended within `spanMs` before the newest one, itself included. */
export function rowsWithin(rows, spanMs) {
  const newest = newestEndMs(rows);
  return newest === null ? [] : rows.filter((row) => Date.parse(row.windowEnd) > newest - spanMs);
}

/** The tiles: the newest window, and the day it belongs to (UTC). */
export function tiles(rows) {
  const newest = newestEndMs(rows);
  const current = rows.filter((row) => Date.parse(row.windowEnd) === newest);
  const day = newest === null ? '' : new Date(newest).toISOString().slice(0, DAY_CHARACTERS);
  const today = rows.filter((row) => row.windowEnd.startsWith(day));
  return {
    windowEndMs: newest,
    people: sum(current, 'people'),
    peopleToday: sum(today, 'people'),
    uniqueVisitors: sum(current, 'uniqueVisitors'),
    newVisitors: sum(today, 'newVisitors'),
    returningVisitors: sum(current, 'returningVisitors'),
    returningToday: sum(today, 'returningVisitors'),
    mood: averageMood(current),
  };
}

/**
 * People by window, over all given rows: `[{ endMs, people }]` in the order of time. A window in which nobody was seen
 * has no rows, so a gap begins and ends with nobody.
 */
export function peopleOverTime(rows) {
  const byEnd = new Map();
  for (const row of rows) {
    const endMs = Date.parse(row.windowEnd);
    byEnd.set(endMs, (byEnd.get(endMs) ?? 0) + (row.people ?? 0));
  }
  const windows = [...byEnd].map(([endMs, people]) => ({ endMs, people })).sort((a, b) => a.endMs - b.endMs);
  return windows.flatMap((window, index) => {
    const before = windows[index - 1];
    if (before === undefined || window.endMs - before.endMs <= WINDOW_MS) return [window];
    const nobody = [before.endMs + WINDOW_MS, window.endMs - WINDOW_MS];
    return [...[...new Set(nobody)].map((endMs) => ({ endMs, people: 0 })), window];
  });
}

/** People by section, the busiest first: `[{ label, value }]`. */
export function peopleBySection(rows) {
  const bySection = new Map();
  for (const row of rows) bySection.set(row.section, (bySection.get(row.section) ?? 0) + (row.people ?? 0));
  return [...bySection]
    .map(([label, value]) => ({ label, value }))
    .sort((a, b) => b.value - a.value || (a.label < b.label ? -1 : 1));
}

/** Faces by age band, the youngest first: `[{ label, value }]`. */
export function facesByAge(rows) {
  return AGE_BANDS.map(([column, label]) => ({ label, value: sum(rows, column) }));
}

/** Faces by gender: `[females, males]`. */
export function facesByGender(rows) {
  return [sum(rows, 'females'), sum(rows, 'males')];
}

/** Mood by section, in the order of their names: `[{ label, value }]`, null without a face. */
export function moodBySection(rows) {
  const sections = [...new Set(rows.map(({ section }) => section))].sort();
  return sections.map((label) => ({
    label,
    value: averageMood(rows.filter(({ section }) => section === label)),
  }));
}

/**
 * Mood by display, the best first and those without a face last: `[{ label, value, faces }]`. A camera tells sections,
 * not displays, so the mood is that of the faces read in the display's section.
 */
export function moodByDisplay(rows, displays) {
  return displays
    .map(({ name, section }) => {
      const there = rows.filter((row) => row.section === section);
      return { label: name, value: averageMood(there), faces: sum(there, 'faces') };
    })
    .sort((a, b) => (b.value ?? -2) - (a.value ?? -2) || (a.label < b.label ? -1 : 1));
}

/** The average of the sections' moods, each weighted by the faces it is the average of; null without a face. */
export function averageMood(rows) {
  const known = rows.filter((row) => row.averageEmotion !== null && row.faces > 0);
  const faces = sum(known, 'faces');
  if (faces === 0) return null;
  return known.reduce((total, row) => total + row.averageEmotion * row.faces, 0) / faces;
}

/** A suppressed figure is null and counts as nothing. */
function sum(rows, column) {
  return rows.reduce((total, row) => total + (row[column] ?? 0), 0);
}

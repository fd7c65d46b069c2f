import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

interface Row {
  readonly [column: string]: string | number | null;
}
interface Figures {
  readonly AGE_BANDS: readonly (readonly [string, string])[];
  tiles(rows: readonly Row[]): Readonly<Record<string, number | null>>;
  peopleOverTime(rows: readonly Row[]): readonly { readonly endMs: number; readonly people: number }[];
  peopleBySection(rows: readonly Row[]): readonly { readonly label: string; readonly value: number }[];
  facesByAge(rows: readonly Row[]): readonly { readonly label: string; readonly value: number }[];
  facesByGender(rows: readonly Row[]): readonly number[];
  moodByDisplay(
    rows: readonly Row[],
    displays: readonly { readonly name: string; readonly section: string }[],
  ): readonly { readonly label: string; readonly value: number | null; readonly faces: number }[];
  moodBySection(rows: readonly Row[]): readonly { readonly label: string; readonly value: number | null }[];
  rowsWithin(rows: readonly Row[], spanMs: number): readonly Row[];
  storesOf(rows: readonly Row[]): readonly string[];
}

/** The page's script is plain JavaScript: it is what the browser runs. */
const script = './figures.js';
const figures = (await import(script)) as Figures;

const row = (time: string, section: string, values: Row = {}): Row => ({
  windowEnd: `2020-01-01T${time}.000Z`,
  storeId: 'seoul',
  section,
  people: 0,
  faces: 0,
  uniqueVisitors: 0,
  newVisitors: 0,
  returningVisitors: 0,
  averageEmotion: null,
  ...values,
});

describe('the tiles', () => {
  test('show the newest window, and the day’s new visitors', () => {
    const rows = [
      row('09:00:15', 'door', { people: 9, newVisitors: 4 }),
      row('09:00:30', 'door', {
        people: 2,
        uniqueVisitors: 2,
        newVisitors: 1,
        averageEmotion: 0.5,
        faces: 3,
      }),
      row('09:00:30', 'aisle', {
        people: 3,
        uniqueVisitors: 2,
        returningVisitors: 1,
        averageEmotion: -0.5,
        faces: 1,
      }),
      { ...row('23:59:45', 'door', { newVisitors: 100 }), windowEnd: '2019-12-31T23:59:45.000Z' },
    ];
    expect(figures.tiles(rows)).toEqual({
      windowEndMs: Date.UTC(2020, 0, 1, 9, 0, 30),
      people: 5,
      peopleToday: 14,
      uniqueVisitors: 4,
      newVisitors: 5,
      returningVisitors: 1,
      returningToday: 1,
      mood: 0.25,
    });
  });

  test('count what privacy suppressed as nothing', () => {
    expect(figures.tiles([row('09:00:15', 'door', { people: 1, uniqueVisitors: null })]).uniqueVisitors).toBe(
      0,
    );
    expect(figures.tiles([]).windowEndMs).toBeNull();
  });
});

describe('the charts', () => {
  const anyRow = fc
    .tuple(fc.integer({ min: 0, max: 240 }), fc.constantFrom('door', 'aisle', 'till'), fc.nat(50))
    .map(
      ([window, section, people]): Row => ({
        ...row('00:00:00', section, { people }),
        windowEnd: new Date(Date.UTC(2020, 0, 1) + window * 15_000).toISOString(),
      }),
    );

  test('add up to the same people, however the rows are grouped', () => {
    fc.assert(
      fc.property(fc.array(anyRow), (rows) => {
        const total = rows.reduce((sum, { people }) => sum + Number(people), 0);
        const overTime = figures.peopleOverTime(rows);
        expect(overTime.reduce((sum, { people }) => sum + people, 0)).toBe(total);
        expect(figures.peopleBySection(rows).reduce((sum, { value }) => sum + value, 0)).toBe(total);
        expect(overTime.map(({ endMs }) => endMs)).toEqual(
          [...new Set(overTime.map(({ endMs }) => endMs))].sort((a, b) => a - b),
        );
      }),
    );
  });

  test('show that nobody was there in between', () => {
    const times = ['09:00:15', '09:00:45', '09:01:45'].map((time) => row(time, 'door', { people: 3 }));
    const clock = (endMs: number) => new Date(endMs).toISOString().slice(11, 19);
    expect(figures.peopleOverTime(times).map(({ endMs, people }) => `${clock(endMs)} ${people}`)).toEqual([
      '09:00:15 3',
      '09:00:30 0',
      '09:00:45 3',
      '09:01:00 0',
      '09:01:30 0',
      '09:01:45 3',
    ]);
  });

  test('look back from the newest window', () => {
    const rows = ['09:00:00', '09:04:00', '09:05:00'].map((time) => row(time, 'door'));
    expect(figures.rowsWithin(rows, 300_000)).toEqual(rows.slice(1));
  });

  test('know every age band of the dataset', () => {
    const dataset = JSON.parse(
      readFileSync(new URL('../../pipeline/deployment/powerbi-dataset.json', import.meta.url), 'utf8'),
    ) as { readonly tables: readonly { readonly columns: readonly { readonly name: string }[] }[] };
    const columns = dataset.tables[0]?.columns
      .map(({ name }) => name)
      .filter((name) => name.startsWith('age'));
    expect(figures.AGE_BANDS.map(([column]) => column)).toEqual(columns);
    expect(figures.facesByAge([row('09:00:00', 'door', { age65plus: 3 })]).at(-1)).toEqual({
      label: '65+',
      value: 3,
    });
  });
});

describe('moods and genders', () => {
  const rows = [
    row('09:00:15', 'door', { averageEmotion: 1, faces: 1, females: 1, males: null }),
    row('09:00:30', 'door', { averageEmotion: 0, faces: 3, females: 1, males: 2 }),
    row('09:00:30', 'aisle', { females: 0, males: 0 }),
  ];

  test('are those of the faces that were read', () => {
    expect(figures.moodBySection(rows)).toEqual([
      { label: 'aisle', value: null },
      { label: 'door', value: 0.25 },
    ]);
    expect(figures.facesByGender(rows)).toEqual([2, 2]);
  });

  test('by display are those of its section, the best first, those without a face last', () => {
    const displays = [
      { name: 'Wine', section: 'aisle' },
      { name: 'Till sweets', section: 'door' },
      { name: 'Bread', section: 'door' },
    ];
    expect(figures.moodByDisplay(rows, displays)).toEqual([
      { label: 'Bread', value: 0.25, faces: 4 },
      { label: 'Till sweets', value: 0.25, faces: 4 },
      { label: 'Wine', value: null, faces: 0 },
    ]);
    expect(figures.moodByDisplay(rows, [])).toEqual([]);
  });
});

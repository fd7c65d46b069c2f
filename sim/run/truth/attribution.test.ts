import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AttributionRow } from '../../../reports/run-record.js';
import { Attribution, type CountedEvent, isExplained } from './attribution.js';

const WINDOW_MS = 15_000;
const SECTION = 'bakery';

function attribute(play: (attribution: Attribution) => void): AttributionRow[] {
  const rows: AttributionRow[] = [];
  const attribution = new Attribution((row) => rows.push(row));
  play(attribution);
  attribution.end();
  return rows;
}

const peopleRow = (rows: readonly AttributionRow[]) => rows.find(({ quantity }) => quantity === 'people');
const event = (visitor: string | null, newVisitor = false): CountedEvent => ({ visitor, newVisitor });

describe('each cause has its stage', () => {
  const seen = (attribution: Attribution, detected: readonly number[]) => {
    attribution.present(WINDOW_MS, SECTION, [1]);
    attribution.looked(WINDOW_MS, SECTION, [1], detected);
  };
  const picture = { picture: 'p', section: SECTION, windowEndMs: WINDOW_MS, people: [1] };

  test.each<[keyof AttributionRow, (attribution: Attribution) => void]>([
    ['unseen', (a) => a.present(WINDOW_MS, SECTION, [1])],
    ['undetected', (a) => seen(a, [])],
    ['notCaptured', (a) => seen(a, [1])],
    [
      'lost',
      (a) => {
        seen(a, [1]);
        a.captured(picture);
      },
    ],
    [
      'late',
      (a) => {
        seen(a, [1]);
        a.captured(picture);
        a.late('p', [event('v')], null);
      },
    ],
    [
      'suppressed',
      (a) => {
        seen(a, [1]);
        a.captured(picture);
        a.counted('p', [event('v')]);
        a.suppressed(WINDOW_MS, SECTION);
      },
    ],
  ])('%s', (cause, play) => {
    const row = peopleRow(attribute(play));
    expect(row).toMatchObject({ truth: 1, measured: 0, [cause]: 1 });
    expect(row && isExplained(row)).toBe(true);
  });
});

test('a shopper in two pictures of a window is counted twice, and once as a unique visitor', () => {
  const rows = attribute((a) => {
    a.present(WINDOW_MS, SECTION, [1]);
    a.looked(WINDOW_MS, SECTION, [1], [1]);
    for (const picture of ['p', 'q']) {
      a.captured({ picture, section: SECTION, windowEndMs: WINDOW_MS, people: [1] });
      a.counted(picture, [event('v')]);
    }
    a.measured(WINDOW_MS, SECTION, { people: 2, uniqueVisitors: 1, newVisitors: 0 });
  });
  expect(peopleRow(rows)).toMatchObject({ truth: 1, measured: 2, doubleCounted: 1 });
  expect(rows.find(({ quantity }) => quantity === 'uniqueVisitors')).toMatchObject({
    truth: 1,
    measured: 1,
    doubleCounted: 0,
  });
});

test('a visitor first counted two windows after coming in is shifted, not lost', () => {
  const rows = attribute((a) => {
    a.entered(1, WINDOW_MS);
    a.present(3 * WINDOW_MS, SECTION, [1]);
    a.captured({ picture: 'p', section: SECTION, windowEndMs: 3 * WINDOW_MS, people: [1] });
    a.counted('p', [event('v', true)]);
    a.measured(3 * WINDOW_MS, SECTION, { people: 1, uniqueVisitors: 1, newVisitors: 1 });
  });
  const footfall = rows.filter(({ quantity }) => quantity === 'footfall');
  expect(footfall.map(({ truth, measured, shifted }) => [truth, measured, shifted])).toEqual([
    [1, 0, -1],
    [0, 1, 1],
  ]);
});

test('a late event that the policy adjusts counts in the window it was moved to', () => {
  const rows = attribute((a) => {
    a.present(WINDOW_MS, SECTION, [1]);
    a.present(2 * WINDOW_MS, SECTION, []);
    a.looked(WINDOW_MS, SECTION, [1], [1]);
    a.captured({ picture: 'p', section: SECTION, windowEndMs: WINDOW_MS, people: [1] });
    a.late('p', [event('v')], 2 * WINDOW_MS);
    a.measured(2 * WINDOW_MS, SECTION, { people: 1, uniqueVisitors: 1, newVisitors: 0 });
  });
  const people = rows.filter(({ quantity }) => quantity === 'people');
  expect(people.map(({ measured, late, shifted }) => [measured, late, shifted])).toEqual([
    [0, 1, 0],
    [1, 0, 1],
  ]);
});

/** A pipeline of any quality: who is present, seen, detected, pictured, and what became of each picture. */
const history = fc.record({
  present: fc.uniqueArray(fc.integer({ min: 0, max: 5 })),
  visible: fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 6 }),
  detected: fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 6 }),
  pictures: fc.array(
    fc.record({
      people: fc.array(
        fc.record({
          shopper: fc.option(fc.integer({ min: 0, max: 7 })),
          visitor: fc.option(fc.constantFrom('a', 'b', 'c', 'd')),
          newVisitor: fc.boolean(),
        }),
        { maxLength: 4 },
      ),
      fate: fc.constantFrom('counted', 'repeated', 'lost', 'dropped', 'adjusted'),
    }),
    { maxLength: 5 },
  ),
});

test('whatever happens, the causes add up to the difference, for every quantity', () => {
  fc.assert(
    fc.property(history, ({ present, visible, detected, pictures }) => {
      const rows = attribute((a) => {
        const next = 2 * WINDOW_MS;
        for (const shopper of [0, 1, 2, 3, 4, 5, 6, 7]) a.entered(shopper, WINDOW_MS);
        a.present(WINDOW_MS, SECTION, present);
        a.present(next, SECTION, []);
        a.looked(WINDOW_MS, SECTION, visible, detected);
        const counted = new Map<number, CountedEvent[]>([
          [WINDOW_MS, []],
          [next, []],
        ]);
        pictures.forEach(({ people, fate }, index) => {
          const picture = `p${index}`;
          a.captured({
            picture,
            section: SECTION,
            windowEndMs: WINDOW_MS,
            people: people.map(({ shopper }) => shopper),
          });
          const events = people.map(({ visitor, newVisitor }) => ({ visitor, newVisitor }));
          if (fate === 'counted') a.counted(picture, events);
          if (fate === 'repeated') {
            a.counted(picture, events);
            a.repeated(SECTION, events, next);
            counted.get(WINDOW_MS)?.push(...events);
            counted.get(next)?.push(...events);
          }
          if (fate === 'dropped') a.late(picture, events, null);
          if (fate === 'adjusted') a.late(picture, events, next);
          if (fate === 'counted') counted.get(WINDOW_MS)?.push(...events);
          if (fate === 'adjusted') counted.get(next)?.push(...events);
        });
        for (const [windowEndMs, events] of counted) {
          a.measured(windowEndMs, SECTION, {
            people: events.length,
            uniqueVisitors: new Set(events.flatMap(({ visitor }) => visitor ?? [])).size,
            newVisitors: events.filter(({ newVisitor }) => newVisitor).length,
          });
        }
      });
      expect(rows.filter((row) => !isExplained(row))).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WindowRow } from '../boundaries.js';
import { DEMOGRAPHIC_COLUMNS, suppressSmallGroups } from './small-groups.js';

const row: WindowRow = {
  windowEnd: '2026-03-07T09:00:15.000Z',
  storeId: 's1',
  section: 'shoes',
  people: 9,
  faces: 4,
  uniqueVisitors: 4,
  newVisitors: 2,
  returningVisitors: 1,
  females: 3,
  males: 1,
  averageEmotion: 0.31,
  age0to12: 0,
  age13to17: 0,
  age18to24: 1,
  age25to34: 3,
  age35to44: 0,
  age45to54: 0,
  age55to64: 0,
  age65plus: 0,
};

describe('small groups', () => {
  test('of k faces or more are told of in full', () => {
    expect(suppressSmallGroups(row, { k: 4, withhold: 'demographics' })).toEqual(row);
    expect(suppressSmallGroups(row, { k: 4, withhold: 'row' })).toEqual(row);
  });

  test('of fewer keep their counts, but not who they were', () => {
    const shown = suppressSmallGroups(row, { k: 5, withhold: 'demographics' });
    expect(shown).toMatchObject({
      people: 9,
      faces: 4,
      uniqueVisitors: 4,
      newVisitors: 2,
      returningVisitors: 1,
    });
    for (const column of DEMOGRAPHIC_COLUMNS) expect(shown?.[column]).toBeNull();
  });

  test('of fewer are withheld as a whole where the policy says so', () => {
    expect(suppressSmallGroups(row, { k: 5, withhold: 'row' })).toBeNull();
  });

  test('keep the columns of a query that has fewer', () => {
    const { age65plus: _dropped, ...narrow } = row;
    const shown = suppressSmallGroups(narrow as WindowRow, { k: 5, withhold: 'demographics' });
    expect(Object.keys(shown ?? {})).toEqual(Object.keys(narrow));
  });

  test('never show a demographic of fewer than k faces', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.integer({ min: 2, max: 20 }), (faces, k) => {
        const shown = suppressSmallGroups({ ...row, faces }, { k, withhold: 'demographics' });
        const tellsWho = DEMOGRAPHIC_COLUMNS.some((column) => shown?.[column] !== null);
        expect(tellsWho).toBe(faces >= k);
      }),
    );
  });

  test('with k of 1 no one is hidden, not even an empty row', () => {
    expect(suppressSmallGroups({ ...row, faces: 0 }, { k: 1, withhold: 'row' })).not.toBeNull();
  });
});

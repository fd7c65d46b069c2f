import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CountWindows, largestCountError } from './count-windows.js';

describe('counts by window', () => {
  test('say who was new in each quarter of a minute, also where nothing was played', () => {
    const windows = new CountWindows(true);
    windows.add(0, 1, 1);
    windows.add(14_999, 2, 1);
    windows.add(15_000, 2, 3);
    windows.add(45_000, 5, 4);
    expect(windows.toWindows().map(({ counted, trueCounted }) => [counted, trueCounted])).toEqual([
      [2, 1],
      [0, 2],
      [0, 0],
      [3, 1],
    ]);
    expect(largestCountError(windows.toWindows())).toBe(2);
  });

  test('know no error without truth', () => {
    const windows = new CountWindows(false);
    windows.add(0, 3, 0);
    expect(windows.toWindows()).toEqual([{ fromMs: 0, toMs: 15_000, counted: 3, trueCounted: null }]);
    expect(largestCountError(windows.toWindows())).toBeNull();
  });

  test('add up to everybody', () => {
    const steps = fc.array(fc.tuple(fc.nat(20_000), fc.nat(3)), { minLength: 1 });
    fc.assert(
      fc.property(steps, (moves) => {
        const windows = new CountWindows(true);
        let [atMs, total] = [0, 0];
        for (const [laterMs, more] of moves) {
          atMs += laterMs;
          total += more;
          windows.add(atMs, total, total);
        }
        const sum = windows.toWindows().reduce((all, { counted }) => all + counted, 0);
        expect([sum, largestCountError(windows.toWindows())]).toEqual([total, 0]);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assign } from './assignment.js';

/** Total cost of the best assignment by trying all of them; an unassigned row costs `limit`. */
function leastByTrial(costs: readonly (readonly number[])[], limit: number, row = 0, used = 0): number {
  const line = costs[row];
  if (line === undefined) return 0;
  const choices = line.map((cost, column) =>
    used & (1 << column)
      ? Number.POSITIVE_INFINITY
      : cost + leastByTrial(costs, limit, row + 1, used | (1 << column)),
  );
  return Math.min(limit + leastByTrial(costs, limit, row + 1, used), ...choices);
}

describe('assignment', () => {
  test('prefers the best total to the best pair', () => {
    const costs = [
      [1, 2],
      [2, 100],
    ];
    expect(assign(2, 2, (r, c) => costs[r]?.[c] ?? 0, 1000)).toEqual([
      { row: 1, column: 0 },
      { row: 0, column: 1 },
    ]);
  });

  test('leaves out what is too far', () => {
    expect(assign(1, 2, () => 5, 5)).toEqual([]);
    expect(assign(0, 3, () => 0, 5)).toEqual([]);
  });

  test('is never worse than trying everything', () => {
    const matrices = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
      .chain(([rows, columns]) =>
        fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: columns, maxLength: columns }), {
          minLength: rows,
          maxLength: rows,
        }),
      );
    fc.assert(
      fc.property(matrices, fc.integer({ min: 1, max: 25 }), (costs, limit) => {
        const pairs = assign(costs.length, costs[0]?.length ?? 0, (r, c) => costs[r]?.[c] ?? 0, limit);
        expect(new Set(pairs.map((pair) => pair.row)).size).toBe(pairs.length);
        expect(new Set(pairs.map((pair) => pair.column)).size).toBe(pairs.length);
        const total = pairs.reduce((sum, { row, column }) => sum + (costs[row]?.[column] ?? 0), 0);
        expect(total + (costs.length - pairs.length) * limit).toBe(leastByTrial(costs, limit));
      }),
    );
  });
});

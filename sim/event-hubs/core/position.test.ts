import { expect, test } from 'vitest';
import { positionOfSelector } from './position.js';

test('a selector says where to begin', () => {
  const at = (annotation: string, rest: string) =>
    positionOfSelector(`amqp.annotation.x-opt-${annotation} ${rest}`);
  expect(positionOfSelector(null)).toEqual({ from: 'earliest' });
  expect(at('offset', "> '-1'")).toEqual({ from: 'earliest' });
  expect(at('offset', "> '@latest'")).toEqual({ from: 'latest' });
  expect(at('offset', ">= '4711'")).toEqual({ from: 'offset', value: 4711, inclusive: true });
  expect(at('sequence-number', "> '12'")).toEqual({ from: 'sequence-number', value: 12, inclusive: false });
  expect(at('enqueued-time', "> '1577836800000'")).toEqual({
    from: 'enqueued-time',
    value: 1_577_836_800_000,
    inclusive: false,
  });
});

test.each([
  "amqp.annotation.x-opt-offset < '1'",
  'x',
  "amqp.annotation.x-opt-offset > ''",
  "amqp.annotation.x-opt-offset > 'a'",
])('the selector %s is not understood', (selector) => {
  expect(() => positionOfSelector(selector)).toThrow(/is not understood; expected/);
});

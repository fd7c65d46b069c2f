import { expect, test } from 'vitest';
import { toBatches } from './event-hubs-output.js';

test('an array is many events, anything else one', () => {
  expect(toBatches({ json: '[{"a":1},{"a":2}]' }, undefined)).toEqual([
    { partitionKey: undefined, events: [{ body: { a: 1 } }, { body: { a: 2 } }] },
  ]);
  expect(toBatches({ json: '{"a":1}' }, undefined)).toEqual([
    { partitionKey: undefined, events: [{ body: { a: 1 } }] },
  ]);
  expect(toBatches({ json: '[]' }, undefined)).toEqual([]);
});

test('text goes out as it is, not as JSON', () => {
  expect(toBatches({ string: 'hello' }, undefined)[0]?.events).toEqual([{ body: Buffer.from('hello') }]);
  expect(toBatches({ json: '["a","b"]' }, undefined)[0]?.events).toEqual([
    { body: Buffer.from('a') },
    { body: Buffer.from('b') },
  ]);
});

test('events part by their key, in the order in which keys first come', () => {
  const events = '[{"s":"x","n":1},{"s":"y","n":2},{"s":"x","n":3},{"n":4}]';
  const batches = toBatches({ json: events }, 'store-{s}');
  expect(batches.map(({ partitionKey, events }) => [partitionKey, events.length])).toEqual([
    ['store-x', 2],
    ['store-y', 1],
    ['store-', 1],
  ]);
});

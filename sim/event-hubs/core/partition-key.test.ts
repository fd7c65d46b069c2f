import { createRequire } from 'node:module';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { hashOfPartitionKey, partitionOfKey } from './partition-key.js';

interface OfficialMapper {
  readonly hashPartitionKey: (partitionKey: string) => number;
  readonly mapPartitionKeyToId: (partitionKey: string, partitionCount: number) => number;
}

/** The buffered producer of the official SDK chooses partitions on the client, by the service's function. */
let official: OfficialMapper;

beforeAll(async () => {
  const entry = createRequire(import.meta.url).resolve('@azure/event-hubs');
  const mapper = path.join(path.dirname(entry), '../esm/impl/partitionKeyToIdMapper.js');
  official = (await import(mapper)) as OfficialMapper;
});

describe('the partition of a key', () => {
  test('is the one that the official SDK computes, for any key and number of partitions', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 1, max: 32 }),
        (key, count) => {
          expect(hashOfPartitionKey(key)).toBe(official.hashPartitionKey(key));
          expect(partitionOfKey(key, count)).toBe(official.mapPartitionKeyToId(key, count));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('does not change from release to release', () => {
    const keys = ['store-1', 'store-2', 'seoul', '가게', 'exactly-12-b', ''];
    expect(keys.map((key) => partitionOfKey(key, 32))).toEqual([18, 28, 22, 3, 2, 0]);
  });
});

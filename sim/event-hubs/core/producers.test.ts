import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventHubsError } from './errors.js';
import { Producers } from './producers.js';

const ANYONE = { producerId: null, epoch: null, lastSequenceNumber: null };

describe('idempotent publishing', () => {
  test('keeps each event once, however often publications are repeated', () => {
    const publication = fc.record({
      events: fc.integer({ min: 1, max: 5 }),
      attempts: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(publication), (publications) => {
        const producers = new Producers();
        const { producerId, epoch } = producers.open(ANYONE);
        let kept = 0;
        let sequenceNumber = 1;
        for (const { events, attempts } of publications) {
          for (let attempt = 0; attempt < attempts; attempt++) {
            const stamp = { producerId, epoch, sequenceNumber };
            if (!producers.isNew(stamp, events)) continue;
            kept += events;
            producers.published(stamp, events);
          }
          sequenceNumber += events;
        }
        expect(kept).toBe(sequenceNumber - 1);
      }),
    );
  });

  test('refuses a gap, and a batch of which only a part was published', () => {
    const producers = new Producers();
    const { producerId, epoch } = producers.open(ANYONE);
    producers.published({ producerId, epoch, sequenceNumber: 1 }, 3);
    for (const [sequenceNumber, events] of [
      [5, 1],
      [3, 2],
    ] as const) {
      expect(() => producers.isNew({ producerId, epoch, sequenceNumber }, events)).toThrow(EventHubsError);
    }
  });

  test('goes on under a higher epoch, which displaces the lower one', () => {
    const producers = new Producers();
    const first = producers.open(ANYONE);
    producers.published({ ...first, sequenceNumber: 1 }, 1);
    const second = producers.open({ ...ANYONE, producerId: first.producerId });
    expect(second).toEqual({ producerId: first.producerId, epoch: first.epoch + 1, lastSequenceNumber: 1 });
    expect(() => producers.isNew({ ...first, sequenceNumber: 2 }, 1)).toThrow(/displaced/);
    expect(() => producers.open({ ...ANYONE, ...first })).toThrow(/displaced/);
    expect(producers.isNew({ ...second, sequenceNumber: 2 }, 1)).toBe(true);
  });
});

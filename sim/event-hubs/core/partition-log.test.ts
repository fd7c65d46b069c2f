import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonEvent } from '../codec/event-message.js';
import { PartitionLog } from './partition-log.js';
import type { StartPosition } from './position.js';

const step = fc.record({ elapsedMs: fc.integer({ min: 0, max: 50 }), size: fc.integer({ min: 0, max: 40 }) });

describe('a partition', () => {
  test('keeps the newest events that retention allows, whatever was appended', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 200 }),
        fc.integer({ min: 1, max: 500 }),
        fc.option(fc.integer({ min: 1, max: 1000 })),
        (steps, retentionMs, retentionBytes) => {
          const log = new PartitionLog('0', { retentionMs, retentionBytes });
          let nowMs = 0;
          const appended = steps.map(({ elapsedMs, size }) => {
            nowMs += elapsedMs;
            return log.append(jsonEvent('x'.repeat(size)), null, nowMs);
          });
          const kept = log.read(0, Number.MAX_SAFE_INTEGER);
          expect(kept).toEqual(appended.slice(appended.length - kept.length));
          expect(kept.every(({ enqueuedAtMs }) => enqueuedAtMs + retentionMs > nowMs)).toBe(true);
          const bytes = (events: typeof kept) =>
            events.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0);
          if (retentionBytes !== null) expect(bytes(kept)).toBeLessThanOrEqual(retentionBytes);
          // One event more would have been too old or too much.
          const next = appended.at(-kept.length - 1);
          if (next && kept.length < appended.length) {
            const tooOld = next.enqueuedAtMs + retentionMs <= nowMs;
            expect(tooOld || bytes([next, ...kept]) > (retentionBytes ?? Number.POSITIVE_INFINITY)).toBe(
              true,
            );
          }
        },
      ),
    );
  });

  test('finds any position as a scan would', () => {
    const position = fc.record({
      from: fc.constantFrom('offset', 'sequence-number', 'enqueued-time'),
      value: fc.integer({ min: -1, max: 3000 }),
      inclusive: fc.boolean(),
    }) as fc.Arbitrary<Extract<StartPosition, { readonly value: number }>>;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), position, (steps, wanted) => {
        const log = new PartitionLog('0', { retentionMs: 1e9, retentionBytes: null });
        let nowMs = 0;
        for (const { elapsedMs, size } of steps) {
          nowMs += elapsedMs;
          log.append(jsonEvent('x'.repeat(size)), null, nowMs);
        }
        const fact = {
          offset: 'offset',
          'sequence-number': 'sequenceNumber',
          'enqueued-time': 'enqueuedAtMs',
        } as const;
        const scanned = log.read(0, Number.MAX_SAFE_INTEGER).filter((event) => {
          const value = event[fact[wanted.from]];
          return wanted.inclusive ? value >= wanted.value : value > wanted.value;
        });
        expect(log.read(log.sequenceNumberAt(wanted), Number.MAX_SAFE_INTEGER)).toEqual(scanned);
      }),
    );
  });

  test('tells a receiver that fell behind what is still there', () => {
    const log = new PartitionLog('0', { retentionMs: 100, retentionBytes: null });
    log.append(jsonEvent(1), null, 0);
    log.append(jsonEvent(2), null, 50);
    log.expire(120);
    expect(log.firstSequenceNumber).toBe(1);
    expect(log.read(0, 10).map(({ sequenceNumber }) => sequenceNumber)).toEqual([1]);
    log.expire(1000);
    expect([log.isEmpty, log.firstSequenceNumber, log.lastEnqueued?.sequenceNumber]).toEqual([true, 2, 1]);
  });
});

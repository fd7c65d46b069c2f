/** Anonymous events as the solution sends them, of four stores. */
import { AGE_BANDS, EMOTIONS } from '../../../pipeline/boundaries.js';
import { randomSource } from '../../kernel/random.js';

export type BenchEvent = Readonly<Record<string, string | number | boolean | null>>;

export interface EventSetting {
  readonly count: number;
  readonly firstMs: number;
  readonly spacingMs: number;
  readonly visitors: number;
}

const VISITORS = 20_000;

/** Events 3 ms apart. */
export function setting(count: number): EventSetting {
  return { count, firstMs: Date.UTC(2026, 0, 5, 9), spacingMs: 3, visitors: VISITORS };
}

/** When the event with that number happened. */
export function eventTimeMs({ firstMs, spacingMs }: EventSetting, index: number): number {
  return firstMs + index * spacingMs;
}

/** Names of visitors are 16 characters long, as the pseudonyms of the solution. */
export function visitorName(number: number): string {
  return `v${(number * 7919).toString(16).padStart(15, '0')}`;
}

export function makeEvents(wanted: EventSetting): readonly BenchEvent[] {
  const random = randomSource('bench')('windows');
  return Array.from({ length: wanted.count }, (_, i) => {
    const analyzed = random.chance(0.8);
    return {
      eventId: `e-${i}`,
      storeId: `store-${random.integer(1, 4)}`,
      cameraId: `camera-${random.integer(1, 12)}`,
      section: `section-${random.integer(1, 6)}`,
      capturedAt: new Date(eventTimeMs(wanted, i)).toISOString(),
      analyzed,
      visitor: analyzed ? visitorName(random.integer(0, wanted.visitors - 1)) : null,
      newVisitor: random.chance(0.1),
      returning: analyzed ? random.chance(0.3) : null,
      ageBand: analyzed ? random.pick(AGE_BANDS) : null,
      gender: analyzed ? random.pick(['female', 'male']) : null,
      emotion: analyzed ? random.pick(EMOTIONS) : null,
      emotionScore: analyzed ? Math.round(random.between(-100, 100)) / 100 : null,
    };
  });
}

/** A first look at a file: whether its events say when they arrived, and whether they lie in order. */
import type { EventClock } from '../../../pipeline/windowing/engine/arrival/event-clock.js';
import type { InputNeeds } from '../../../pipeline/windowing/engine/compile/input-needs.js';
import { type EventFile, readEvents } from './event-source.js';

export interface Survey {
  /** Some event says when it arrived. */
  readonly isArrivalKnown: boolean;
  readonly isInOrderOfArrival: boolean;
  /** By every TIMESTAMP BY that the query reads the input with. */
  readonly isInOrderOfTime: boolean;
  /** Each event has the same time by all of them. */
  readonly isOfOneTime: boolean;
}

/** Reads a file for its times alone. `clocks` are those of its input, one for each TIMESTAMP BY. */
export async function surveyFile(
  source: EventFile,
  needs: InputNeeds | undefined,
  clocks: readonly EventClock[],
  signal: AbortSignal | undefined,
): Promise<Survey> {
  let isArrivalKnown = false;
  let isInOrderOfArrival = true;
  let isInOrderOfTime = true;
  let isOfOneTime = true;
  let lastArrivalMs = Number.NEGATIVE_INFINITY;
  const lastTimesMs = clocks.map(() => Number.NEGATIVE_INFINITY);
  // Lines that are no events are named when the file is played.
  for await (const batch of readEvents(source, needs, signal, () => undefined)) {
    for (const event of batch) {
      isArrivalKnown ||= event.isArrivalKnown;
      if (event.enqueuedAtMs < lastArrivalMs) isInOrderOfArrival = false;
      lastArrivalMs = event.enqueuedAtMs;
      for (let i = 0; i < clocks.length; i++) {
        const timeMs = clocks[i]?.timeOfEvent(event) ?? Number.NaN;
        if (Number.isNaN(timeMs)) continue;
        if (timeMs < (lastTimesMs[i] ?? 0)) isInOrderOfTime = false;
        lastTimesMs[i] = timeMs;
        if (i > 0 && timeMs !== lastTimesMs[0]) isOfOneTime = false;
      }
    }
  }
  return { isArrivalKnown, isInOrderOfArrival, isInOrderOfTime, isOfOneTime };
}

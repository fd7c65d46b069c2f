/** Window ends: whole multiples of a length since 0001-01-01T00:00Z ("every window aligns itself to the zeroth hour"). */
import { EPOCH_OFFSET_MS } from '../values/date-time.js';

/** Where, after 1970, multiples of `lengthMs` since the year 1 lie: in [0, lengthMs). */
function phaseMs(lengthMs: number): number {
  const behind = EPOCH_OFFSET_MS % lengthMs;
  return behind === 0 ? 0 : lengthMs - behind;
}

/** The first aligned instant at or after a time: the end of the window `(end − length, end]` that holds it. */
export function alignedEnd(lengthMs: number, offsetMs = 0): (timeMs: number) => number {
  const phase = phaseMs(lengthMs) + offsetMs;
  return (timeMs) => Math.ceil((timeMs - phase) / lengthMs) * lengthMs + phase;
}

/** Settings of a job, under the names that `JobConfig.json` and an ARM template's `properties` both use. */
import type { CompatibilityLevel } from '../language/environment.js';
import type { JobSettings } from './job-definition.js';
import { textMember } from './json-file.js';

const LEVELS: readonly CompatibilityLevel[] = ['1.0', '1.1', '1.2'];

export function readSettings(source: unknown): JobSettings {
  const level = LEVELS.find((known) => known === textMember(source, 'compatibilityLevel'));
  const late = secondsOf(source, 'eventsLateArrivalMaxDelayInSeconds');
  const outOfOrder = secondsOf(source, 'eventsOutOfOrderMaxDelayInSeconds');
  const policy = textMember(source, 'eventsOutOfOrderPolicy')?.toLowerCase();
  const errors = textMember(source, 'outputErrorPolicy')?.toLowerCase();
  return {
    ...(level === undefined ? {} : { compatibilityLevel: level }),
    ...(late === undefined ? {} : { lateToleranceMs: late * 1000 }),
    ...(outOfOrder === undefined ? {} : { outOfOrderToleranceMs: outOfOrder * 1000 }),
    ...(policy === 'adjust' || policy === 'drop' ? { policy } : {}),
    ...(errors === undefined
      ? {}
      : { errorPolicy: errors === 'drop' ? ('drop' as const) : ('stop' as const) }),
  };
}

/** A late arrival of -1 means that it is accepted however late: the longest there is, 20 days. */
function secondsOf(source: unknown, name: string): number | undefined {
  const text = textMember(source, name);
  const seconds = text === undefined ? Number.NaN : Number(text);
  if (Number.isNaN(seconds)) return undefined;
  return seconds < 0 ? 20 * 86_400 : seconds;
}

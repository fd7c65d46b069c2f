/** Settings of a job, under the names that `JobConfig.json` and an ARM template's `properties` both use. */
import type { CompatibilityLevel } from '../language/binder/environment.js';
import type { JobSettings } from './job-definition.js';
import { textMember } from './json-file.js';

/** The longest late arrival tolerance there is: 20 days. */
const LATE_LIMIT_SECONDS = 20 * 86_400;

const LEVELS: readonly CompatibilityLevel[] = ['1.0', '1.1', '1.2'];

export function readSettings(source: unknown): JobSettings {
  const level = LEVELS.find((known) => known === textMember(source, 'compatibilityLevel'));
  // "If the property is absent, it is interpreted to have a value of -1" (JobConfig.json fields page).
  const late = secondsOf(source, 'eventsLateArrivalMaxDelayInSeconds') ?? LATE_LIMIT_SECONDS;
  const outOfOrder = secondsOf(source, 'eventsOutOfOrderMaxDelayInSeconds');
  const policy = textMember(source, 'eventsOutOfOrderPolicy')?.toLowerCase();
  const errors = textMember(source, 'outputErrorPolicy')?.toLowerCase();
  return {
    ...(level === undefined ? {} : { compatibilityLevel: level }),
    lateToleranceMs: late * 1000,
    ...(outOfOrder === undefined ? {} : { outOfOrderToleranceMs: outOfOrder * 1000 }),
    ...(policy === 'adjust' || policy === 'drop' ? { policy } : {}),
    ...(errors === undefined
      ? {}
      : { errorPolicy: errors === 'drop' ? ('drop' as const) : ('stop' as const) }),
  };
}

/** A late arrival of -1 means that it is accepted however late. */
function secondsOf(source: unknown, name: string): number | undefined {
  const text = textMember(source, name);
  const seconds = text === undefined ? Number.NaN : Number(text);
  if (Number.isNaN(seconds)) return undefined;
  return seconds < 0 ? LATE_LIMIT_SECONDS : seconds;
}

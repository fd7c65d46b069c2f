/**
 * When the IoT Edge agent starts a module again ("Learn how to deploy modules and establish routes", restartPolicy;
 * the agent's own defaults: MaxRestartCount 20, CoolOffTimeUnitInSeconds 10, IntensiveCareTimeInMinutes 10).
 */

export type RestartPolicy = 'never' | 'on-failure' | 'on-unhealthy' | 'always';
export type RuntimeStatus = 'running' | 'stopped' | 'failed' | 'backoff' | 'unhealthy';

const COOL_OFF_UNIT_MS = 10_000;
const LONGEST_COOL_OFF_MS = 300_000;
/** Restarts after which the agent gives a module up. */
export const MOST_RESTARTS = 20;
/** A module that has run for so long since its last end is well: its restarts are forgotten. */
export const INTENSIVE_CARE_MS = 600_000;

/** The wait before a module that was restarted `restarts` times is started again: 10 s · 2^n, at most 5 minutes. */
export function coolOffMs(restarts: number): number {
  return Math.min(COOL_OFF_UNIT_MS * 2 ** restarts, LONGEST_COOL_OFF_MS);
}

/** What a module is after it ended with `exitCode`, having been restarted `restarts` times before. */
export function statusAfterExit(policy: RestartPolicy, exitCode: number, restarts: number): RuntimeStatus {
  const ended = exitCode === 0 ? 'stopped' : 'failed';
  const isRestarted = policy === 'always' || (policy !== 'never' && ended === 'failed');
  if (!isRestarted) return ended;
  return restarts >= MOST_RESTARTS ? 'failed' : 'backoff';
}

/** Whether a module that says it is unwell is ended and started again. */
export function restartsUnhealthy(policy: RestartPolicy): boolean {
  return policy === 'always' || policy === 'on-unhealthy';
}

import type { Clock } from '../../kernel/services.js';
import type { RetryOptions } from '../app/host-json.js';

/** The wait before attempt `retry` (1 is the first one after a failure), in milliseconds. */
export function retryDelayMs(options: RetryOptions, retry: number): number {
  const delayMs = options.mode === 'fixed' ? options.delayMs : options.delayMs * 2 ** (retry - 1);
  return Math.min(delayMs, options.maximumDelayMs);
}

/**
 * Tries until it succeeds, the retries are used up or an error says that no retry will help (`retryable` false),
 * waiting on `clock`; then rejects with the last failure.
 * Kept here rather than in a client SDK, so that an outage lasts the same virtual time in every fidelity.
 */
export async function withRetries<T>(
  clock: Clock,
  options: RetryOptions,
  attempt: () => Promise<T>,
  onRetry: (error: unknown, delayMs: number) => void,
): Promise<T> {
  for (let retry = 1; ; retry++) {
    try {
      return await attempt();
    } catch (error) {
      if (retry > options.maximumRetries || isFinal(error)) throw error;
      const delayMs = retryDelayMs(options, retry);
      onRetry(error, delayMs);
      await clock.sleep(delayMs);
    }
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof Error && 'retryable' in error && error.retryable === false;
}

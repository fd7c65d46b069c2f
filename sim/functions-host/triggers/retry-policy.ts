/**
 * A function's own retry policy: "Azure Functions error handling and retries". Microsoft's host knows it for timers and
 * event hubs; blobs and queues have their poison queues instead.
 */
import type core from '@azure/functions-core';
import type { RetryOptions } from '../app/host-json.js';

const TRIGGERS_WITH_RETRY: ReadonlySet<string> = new Set(['timertrigger', 'eventhubtrigger']);
const MS_PER_SECOND = 1_000;

/** No retries when the function has no policy, or its trigger knows none. */
export function retryPolicyOf({ retryOptions }: core.FunctionMetadata, triggerType: string): RetryOptions {
  if (retryOptions === undefined || !TRIGGERS_WITH_RETRY.has(triggerType.toLowerCase()))
    return { mode: 'fixed', delayMs: 0, maximumDelayMs: 0, maximumRetries: 0 };
  const { delayInterval, maximumInterval, maxRetryCount, minimumInterval, retryStrategy } = retryOptions;
  // "-1 means to retry indefinitely".
  const maximumRetries = maxRetryCount < 0 ? Number.POSITIVE_INFINITY : maxRetryCount;
  const ms = (duration: core.Duration | undefined) => (duration?.seconds ?? 0) * MS_PER_SECOND;
  if (retryStrategy === 'exponentialBackoff')
    return {
      mode: 'exponential',
      delayMs: ms(minimumInterval),
      maximumDelayMs: ms(maximumInterval),
      maximumRetries,
    };
  return { mode: 'fixed', delayMs: ms(delayInterval), maximumDelayMs: ms(delayInterval), maximumRetries };
}

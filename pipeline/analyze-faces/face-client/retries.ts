/** Patience with a service that is busy or out of reach: a time limit for each try, and tries again. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { FaceApiError } from './error.js';
import type { FaceAnswer, FaceExchange, FaceRequest } from './exchange.js';

export interface RetryPolicy {
  readonly tries: number;
  readonly timeoutMs: number;
  /** Before the second try; doubled before each further one. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

export const USUAL_RETRIES: RetryPolicy = {
  tries: 5,
  timeoutMs: 10_000,
  firstDelayMs: 500,
  longestDelayMs: 15_000,
};

/** Statuses after which the same request may succeed (RFC 6585 section 4, RFC 9110 section 15.6). */
const WORTH_ANOTHER_TRY: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Sends `request` until there is an answer that another try would not better, or the tries are used up; then gives
 * the last answer, or throws `FaceApiError` when there was none.
 *
 * @param about what the request is about, such as a picture's name: clients that fail together then do not try
 *   again together.
 */
export async function exchangePatiently(
  exchange: FaceExchange,
  request: FaceRequest,
  about: string,
  clock: Clock,
  policy: RetryPolicy = USUAL_RETRIES,
): Promise<FaceAnswer> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryOnce(exchange, request, clock, policy.timeoutMs);
    const isLast = attempt >= policy.tries;
    if (outcome.kind === 'answer' && (isLast || !WORTH_ANOTHER_TRY.has(outcome.answer.status)))
      return outcome.answer;
    if (outcome.kind === 'failure' && isLast)
      throw new FaceApiError(
        null,
        'FF_FACE_UNREACHABLE',
        `${request.method} ${request.path} had no answer in ${attempt} tries: ${outcome.reason}`,
      );
    const askedMs = outcome.kind === 'answer' ? (outcome.answer.retryAfterSeconds ?? 0) * 1000 : 0;
    const spread = shareOf(`${about} ${request.method} ${request.path} ${attempt}`);
    await clock.sleep(delayMs(policy, attempt, askedMs, spread));
  }
}

/** At least what the service asked for, and up to half as much again as the schedule says. */
function delayMs(policy: RetryPolicy, attempt: number, askedMs: number, spread: number): number {
  const scheduledMs = Math.min(policy.longestDelayMs, policy.firstDelayMs * 2 ** (attempt - 1));
  const waitMs = scheduledMs * (0.5 + spread);
  return Math.round(askedMs > 0 ? askedMs + waitMs : waitMs);
}

type Outcome =
  | { readonly kind: 'answer'; readonly answer: FaceAnswer }
  | { readonly kind: 'failure'; readonly reason: string };

function tryOnce(
  exchange: FaceExchange,
  request: FaceRequest,
  clock: Clock,
  timeoutMs: number,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const abort = new AbortController();
    const timer = clock.after(timeoutMs, () => {
      resolve({ kind: 'failure', reason: `none within ${timeoutMs} ms` });
      abort.abort();
    });
    exchange(request, abort.signal)
      .then(
        (answer) => resolve({ kind: 'answer', answer }),
        (error: unknown) => resolve({ kind: 'failure', reason: String(error) }),
      )
      .finally(() => timer.cancel());
  });
}

/** A number in [0, 1) that looks random but belongs to `text`: jitter that needs no generator. */
function shareOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}

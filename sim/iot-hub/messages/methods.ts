import type { Json, MethodAnswer } from '../../../pipeline/camera-module/hub-connection.js';
import type { Clock, Timer } from '../../kernel/services.js';
import { MAX_METHOD_BYTES } from '../limits/limits.js';
import type { HubSession } from '../session.js';

export type MethodOutcome =
  | { readonly ok: true; readonly answer: MethodAnswer }
  | { readonly ok: false; readonly status: 404 | 413 | 504; readonly reason: string };

interface PendingMethod {
  readonly session: HubSession;
  readonly timer: Timer;
  readonly settle: (outcome: MethodOutcome) => void;
}

/** "Understand and invoke direct methods": the default, between 5 s and 300 s. */
export const DEFAULT_METHOD_TIMEOUT_MS = 30_000;

/** Direct methods under way. They are not queued: a device that is not there is an error at once. */
export class DirectMethods {
  private readonly clock: Clock;
  private readonly pending = new Map<string, PendingMethod>();
  private lastRequest = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  invoke(
    session: HubSession | undefined,
    name: string,
    payload: Json,
    timeoutMs: number = DEFAULT_METHOD_TIMEOUT_MS,
  ): Promise<MethodOutcome> {
    if (session === undefined || !session.subscriptions.methods) {
      return Promise.resolve(failure(404, 'the device is not online, or has not subscribed to methods'));
    }
    if (tooLarge(payload))
      return Promise.resolve(failure(413, `a payload may have ${MAX_METHOD_BYTES} bytes`));
    return new Promise((settle) => {
      const requestId = (++this.lastRequest).toString(16);
      const timer = this.clock.after(timeoutMs, () =>
        this.finish(requestId, failure(504, `no answer within ${timeoutMs} ms`)),
      );
      this.pending.set(requestId, { session, timer, settle });
      session.delivery.method({ requestId, name, payload });
    });
  }

  /** The device's answer; one that nobody waits for (too late, another device's) is ignored. */
  answer(session: HubSession, requestId: string, answer: MethodAnswer): void {
    if (this.pending.get(requestId)?.session !== session) return;
    const outcome: MethodOutcome = tooLarge(answer.payload)
      ? failure(413, `an answer may have ${MAX_METHOD_BYTES} bytes`)
      : { ok: true, answer };
    this.finish(requestId, outcome);
  }

  /** The device went away with methods unanswered: their callers learn it by the timeout, as with IoT Hub. */
  private finish(requestId: string, outcome: MethodOutcome): void {
    const method = this.pending.get(requestId);
    if (method === undefined) return;
    this.pending.delete(requestId);
    method.timer.cancel();
    method.settle(outcome);
  }
}

function tooLarge(payload: Json): boolean {
  return Buffer.byteLength(JSON.stringify(payload)) > MAX_METHOD_BYTES;
}

function failure(status: 404 | 413 | 504, reason: string): MethodOutcome {
  return { ok: false, status, reason };
}

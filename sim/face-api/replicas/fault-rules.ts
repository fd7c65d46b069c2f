/** Faults injected by rule: an operation fails or is slow, in a share of cases or a number of times. */
import type { RandomSource } from '../../kernel/services.js';
import { FaceApiFailure } from '../failure.js';

export interface FaultRule {
  /** As the REST specification calls it, in any case: `Face_Detect`; null for all operations. */
  readonly operation: string | null;
  /** Answered in place of the operation's; null when it is only slow. */
  readonly status: number | null;
  readonly retryAfterSeconds: number | null;
  /** Added to the service time. */
  readonly extraMs: number;
  /** Share of the requests that it hits, in [0, 1]. */
  readonly share: number;
  /** How many requests it hits at most; null for any number. */
  readonly most: number | null;
}

/** What the rules do to one request. */
export interface InjectedFault {
  readonly extraMs: number;
  readonly failure: FaceApiFailure | null;
}

const CODES: Readonly<Record<number, string>> = {
  401: '401',
  403: 'QuotaExceeded',
  408: 'OperationTimeOut',
  409: 'ConcurrentOperationConflict',
  429: '429',
  500: 'Unspecified',
};

export class FaultRules {
  private readonly rng: RandomSource;
  private readonly hits = new Map<FaultRule, number>();

  constructor(rng: RandomSource) {
    this.rng = rng;
  }

  begin(rule: FaultRule): void {
    this.hits.set(rule, 0);
  }

  /** How many requests it has hit. */
  end(rule: FaultRule): number {
    const hits = this.hits.get(rule) ?? 0;
    this.hits.delete(rule);
    return hits;
  }

  /** Asked once for each request, in an order that does not depend on the protocol. */
  inject(operation: string, key: string): InjectedFault {
    let extraMs = 0;
    let failure: FaceApiFailure | null = null;
    for (const [rule, hits] of this.hits) {
      if (!this.doesHit(rule, hits, operation, key)) continue;
      this.hits.set(rule, hits + 1);
      extraMs += rule.extraMs;
      failure ??= failureOf(rule);
    }
    return { extraMs, failure };
  }

  private doesHit(rule: FaultRule, hits: number, operation: string, key: string): boolean {
    if (rule.operation !== null && rule.operation.toLowerCase() !== operation.toLowerCase()) return false;
    if (rule.most !== null && hits >= rule.most) return false;
    return (
      rule.share >= 1 || this.rng(`face-api/fault/${rule.operation}/${rule.status}/${key}`).chance(rule.share)
    );
  }
}

function failureOf({ status, retryAfterSeconds }: FaultRule): FaceApiFailure | null {
  if (status === null) return null;
  const code = CODES[status] ?? String(status);
  return new FaceApiFailure(status, code, 'Injected by a fault of the scenario.', retryAfterSeconds);
}

/** A request to the Face API, known by its contents, and what was answered to it. */
import { canonicalQuery } from '../request.js';

export interface Recording {
  readonly id: string;
  readonly request: RecordedRequest;
  /** Given in turn to the same request; the last one again and again. Never empty. */
  readonly answers: readonly RecordedAnswer[];
}

export interface RecordedRequest {
  readonly method: string;
  /** Below `/face/v1.0`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Hex. */
  readonly bodySha256: string;
  readonly bodyBytes: number;
}

export interface RecordedAnswer {
  readonly status: number;
  readonly retryAfterSeconds?: number;
  readonly body?: unknown;
  /** How long the answer took when it was recorded. */
  readonly latencyMs?: number;
}

/** Two requests of one name are the same request. */
export function nameOf({ method, path, query, bodySha256 }: RecordedRequest): string {
  return `${operationOf({ method, path })}?${canonicalQuery(query)} ${bodySha256}`;
}

/** Paths come in any case. */
export function operationOf({ method, path }: Pick<RecordedRequest, 'method' | 'path'>): string {
  return `${method} ${path.toLowerCase()}`;
}

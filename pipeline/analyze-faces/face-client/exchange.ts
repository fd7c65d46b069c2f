/** One request to the Face API and its answer, as the client and whatever carries them agree on it. */

export interface FaceRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/face/v1.0`, beginning with a slash: `/detect`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: FaceRequestBody;
}

export type FaceRequestBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'picture'; readonly bytes: Uint8Array }
  | { readonly kind: 'json'; readonly text: string };

export interface FaceAnswer {
  readonly status: number;
  readonly retryAfterSeconds: number | null;
  /** The parsed JSON; undefined when the answer had none. */
  readonly body: unknown;
}

/**
 * Carries one request to the service and brings its answer, whatever its status. Rejects only when there was no
 * answer (the connection failed). `signal` says that nobody waits any more.
 */
export type FaceExchange = (request: FaceRequest, signal: AbortSignal) => Promise<FaceAnswer>;

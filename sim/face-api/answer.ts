import { type FaceApiFailure, UNSUPPORTED_CODE } from './failure.js';

/** An answer as it goes out, whatever carries it. */
export interface SentAnswer {
  readonly status: number;
  readonly retryAfterSeconds: number | null;
  /** JSON; empty when the answer has no body. */
  readonly text: string;
}

export function jsonAnswer(status: number, body: unknown): SentAnswer {
  return { status, retryAfterSeconds: null, text: body === undefined ? '' : JSON.stringify(body) };
}

/** The service answers creations, changes and deletions with nothing but 200. */
export const DONE: SentAnswer = { status: 200, retryAfterSeconds: null, text: '' };

export function refusal({ status, code, message, retryAfterSeconds }: FaceApiFailure): SentAnswer {
  const inner = code === UNSUPPORTED_CODE ? { innererror: { code, message } } : {};
  return { status, retryAfterSeconds, text: JSON.stringify({ error: { code, message, ...inner } }) };
}

import type { ServerResponse } from 'node:http';
import type { SentAnswer } from '../answer.js';

export function sendAnswer(response: ServerResponse, { status, retryAfterSeconds, text }: SentAnswer): void {
  const retryAfter = retryAfterSeconds === null ? {} : { 'Retry-After': String(retryAfterSeconds) };
  response.writeHead(status, {
    ...(text === '' ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
    'Content-Length': Buffer.byteLength(text),
    ...retryAfter,
  });
  response.end(text);
}

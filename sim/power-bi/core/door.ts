/**
 * The door of the service, the same for both fidelities: a request crosses the link, then all requests of one
 * instant are let in by the order of their keys, because order decides which rows come first and which push
 * meets the limits. The answer crosses back, a refusal like any other.
 */
import { createHash } from 'node:crypto';
import { exchange, type Link } from '../../network/link.js';
import type { PowerBiCore } from './core.js';

type Outcome<Answer> =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'refused'; readonly error: unknown };

const KEY_LENGTH = 16;

/** Resolves to what `serve` gives for a request with this `body`, or rejects as it does. */
export async function serveThroughDoor<Answer>(
  core: PowerBiCore,
  link: Link | undefined,
  body: string,
  serve: (key: string) => Answer | Promise<Answer>,
): Promise<Answer> {
  const key = createHash('sha256').update(body).digest('hex').slice(0, KEY_LENGTH);
  const outcome = await exchange(link, key, Buffer.byteLength(body), async (): Promise<Outcome<Answer>> => {
    await new Promise<void>((admit) => core.services.arbiter.submit('power-bi', key, admit));
    try {
      return { kind: 'answered', answer: await serve(key) };
    } catch (error) {
      return { kind: 'refused', error };
    }
  });
  if (outcome.kind === 'refused') throw outcome.error;
  return outcome.answer;
}

import type { BlobStorage, Caller } from '../blob-storage.js';
import { type Outcome, succeed } from '../failure.js';
import type { Operation } from '../operations/operations.js';
import type { Reply } from './reply.js';

/** An operation together with its rendering. */
export type RestExchange = (storage: BlobStorage, caller: Caller) => Promise<Outcome<Reply>>;

export function exchangeOf<T>(operation: Operation<T>, render: (value: T) => Reply): Outcome<RestExchange> {
  return succeed((storage, caller) => answer(storage, caller, operation, render));
}

/** For an operation that needs the storage itself, to read another blob. */
export function exchangeWith<T>(
  build: (storage: BlobStorage, caller: Caller) => Operation<T>,
  render: (value: T) => Reply,
): Outcome<RestExchange> {
  return succeed((storage, caller) => answer(storage, caller, build(storage, caller), render));
}

async function answer<T>(
  storage: BlobStorage,
  caller: Caller,
  operation: Operation<T>,
  render: (value: T) => Reply,
): Promise<Outcome<Reply>> {
  const outcome = await storage.perform(operation, caller);
  return outcome.ok ? succeed(render(outcome.value)) : outcome;
}

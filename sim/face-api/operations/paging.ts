import { badArgument } from '../failure.js';
import type { ReceivedRequest } from '../request.js';

const LONGEST_START = 64;
const MOST_AT_ONCE = 1000;

/** The part of `items`, which are in the order of their ids, that comes after `start`, at most `top` of them. */
export function pageOf<Item>(
  { query }: ReceivedRequest,
  items: readonly Item[],
  idOf: (item: Item) => string,
): readonly Item[] {
  const start = query.start ?? '';
  if (start.length > LONGEST_START) throw badArgument("'start' is too long.");
  const top = query.top === undefined ? MOST_AT_ONCE : Number(query.top);
  if (!Number.isInteger(top) || top < 1 || top > MOST_AT_ONCE) throw badArgument("'top' is invalid.");
  return items.filter((item) => idOf(item) > start).slice(0, top);
}

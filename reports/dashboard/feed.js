/**
 * The feed of rows. It is fetched rather than opened as an `EventSource`, so that the token travels in a header
 * and never in an address that is logged.
 */

const RECONNECT_AFTER_MS = 2000;

/** The server does not take the token. */
export class TokenRefused extends Error {}

/**
 * Follows the feed until the token is refused. `onEvent(name, rows)` gets `snapshot` first and after every
 * reconnection, then `rows`; `onState` gets `live` and `lost`.
 */
export async function followFeed(token, onEvent, onState) {
  for (;;) {
    try {
      await readFeed(token, onEvent, () => onState('live'));
    } catch (error) {
      if (error instanceof TokenRefused) throw error;
    }
    onState('lost');
    await new Promise((resolve) => setTimeout(resolve, RECONNECT_AFTER_MS));
  }
}

/** The floor plans that the token may see, by store. Rejects with `TokenRefused`. */
export async function fetchPlans(token) {
  const { plans } = await (await fetchWith(token, 'plans')).json();
  return new Map(plans.map((plan) => [plan.storeId, plan]));
}

async function fetchWith(token, path) {
  const response = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
  if (response.status === 401 || response.status === 403) {
    const { error } = await response.json();
    throw new TokenRefused(error.message);
  }
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response;
}

async function readFeed(token, onEvent, onOpen) {
  const response = await fetchWith(token, 'feed');
  onOpen();
  let unread = '';
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (unread + value).split('\n\n');
    unread = blocks.pop();
    for (const block of blocks) handleBlock(block, onEvent);
  }
}

/** One event of the stream; comments are heartbeats. */
function handleBlock(block, onEvent) {
  const fields = new Map(
    block
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]),
  );
  const data = fields.get('data');
  if (data !== undefined) onEvent(fields.get('event'), JSON.parse(data).rows);
}

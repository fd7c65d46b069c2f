/** The rows of a table as they come, by server-sent events. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Grant } from '../core/access.js';
import type { PowerBiCore } from '../core/core.js';
import type { Row } from '../core/rows.js';

/** What a page that opens in the middle of the day is shown of the past. */
const SNAPSHOT_ROWS = 20_000;
/** Keeps proxies from closing a quiet feed. */
const HEARTBEAT_MS = 15_000;
/** A page that does not read is cut off; it comes back and gets a snapshot. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

export interface FeedSource {
  readonly dataset: string;
  readonly table: string;
}

/** Sends `snapshot` once, then `rows`, until the client goes. Shows only what `grant` may see. */
export function serveFeed(
  core: PowerBiCore,
  source: FeedSource,
  grant: Grant,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  const send = (event: string, rows: readonly Row[]) => {
    response.write(`event: ${event}\ndata: ${JSON.stringify({ rows: rows.filter(mayBeShown(grant)) })}\n\n`);
    if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
  };
  send('snapshot', core.lastRows(source.dataset, source.table, SNAPSHOT_ROWS));
  const stop = core.onRows(({ dataset, table, rows }) => {
    if (dataset === source.dataset && table === source.table) send('rows', rows);
  });
  let heartbeat = core.services.clock.after(HEARTBEAT_MS, beat);
  function beat(): void {
    response.write(': still here\n\n');
    heartbeat = core.services.clock.after(HEARTBEAT_MS, beat);
  }
  request.on('close', () => {
    stop();
    heartbeat.cancel();
  });
}

function mayBeShown({ storeIds }: Grant): (row: Row) => boolean {
  if (storeIds === null) return () => true;
  return (row) => typeof row.storeId === 'string' && storeIds.includes(row.storeId);
}

/**
 * How much may be pushed into a dataset (push semantic model limitations): 120 requests a minute, or 120 an hour
 * once a table without FIFO retention holds 250,000 rows; 1,000,000 rows an hour; 5 requests pending at once.
 */
import { PowerBiError } from './errors.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const MS_PER_SECOND = 1000;
const MAX_REQUESTS = 120;
const MAX_ROWS_AN_HOUR = 1_000_000;
const MAX_PENDING = 5;
const LARGE_TABLE_ROWS = 250_000;
const RETRY_PENDING_SECONDS = 1;

interface Push {
  readonly atMs: number;
  readonly rows: number;
}

export class PushQuota {
  /** Of the last hour, oldest first. */
  private recent: Push[] = [];
  private rowsInRecent = 0;
  private pending = 0;

  /**
   * Counts a request with `rows` for a table that holds `tableRows`; the caller calls the result when it is done.
   * Throws `PowerBiError` (`TooManyRequests`) with the seconds after which it would be let in.
   */
  begin(rows: number, tableRows: number, nowMs: number): () => void {
    this.forget(nowMs);
    if (this.pending >= MAX_PENDING) {
      throw new PowerBiError('TooManyRequests', `${MAX_PENDING} requests are pending`, RETRY_PENDING_SECONDS);
    }
    const isLarge = tableRows >= LARGE_TABLE_ROWS;
    this.assertRequests(isLarge ? HOUR_MS : MINUTE_MS, isLarge ? 'an hour' : 'a minute', nowMs);
    this.assertRows(rows, nowMs);
    this.recent.push({ atMs: nowMs, rows });
    this.rowsInRecent += rows;
    this.pending++;
    return () => {
      this.pending--;
    };
  }

  private assertRequests(windowMs: number, per: string, nowMs: number): void {
    const oldest = this.recent.at(-MAX_REQUESTS);
    if (!oldest || oldest.atMs + windowMs <= nowMs) return;
    throw tooMany(`${MAX_REQUESTS} requests ${per}`, oldest.atMs + windowMs - nowMs);
  }

  private assertRows(rows: number, nowMs: number): void {
    let left = this.rowsInRecent + rows;
    if (left <= MAX_ROWS_AN_HOUR) return;
    for (const push of this.recent) {
      left -= push.rows;
      if (left <= MAX_ROWS_AN_HOUR) {
        throw tooMany(`${MAX_ROWS_AN_HOUR} rows an hour`, push.atMs + HOUR_MS - nowMs);
      }
    }
    throw tooMany(`${MAX_ROWS_AN_HOUR} rows an hour`, HOUR_MS);
  }

  private forget(nowMs: number): void {
    const kept = this.recent.findIndex(({ atMs }) => atMs + HOUR_MS > nowMs);
    const dropped = this.recent.splice(0, kept < 0 ? this.recent.length : kept);
    for (const { rows } of dropped) this.rowsInRecent -= rows;
  }
}

function tooMany(limit: string, waitMs: number): PowerBiError {
  const seconds = Math.max(1, Math.ceil(waitMs / MS_PER_SECOND));
  return new PowerBiError('TooManyRequests', `more than ${limit}; try again in ${seconds} s`, seconds);
}

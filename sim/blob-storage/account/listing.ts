import { fail, type Outcome, succeed } from '../failure.js';
import type { Blob } from './blob.js';
import type { Container } from './container.js';
import { purgeDeleted } from './snapshots.js';

export interface ListOptions {
  readonly prefix?: string | undefined;
  /** Names that share what follows the prefix up to this are rolled into one entry. */
  readonly delimiter?: string | undefined;
  /** `nextMarker` of the page before. */
  readonly marker?: string | undefined;
  readonly maxResults?: number | undefined;
  readonly includeSnapshots?: boolean;
  /** Blobs and snapshots that can still be restored, too. */
  readonly includeDeleted?: boolean;
}

export type ListEntry =
  | { readonly kind: 'blob'; readonly blob: Blob }
  | { readonly kind: 'prefix'; readonly name: string };

export interface BlobPage {
  readonly entries: readonly ListEntry[];
  /** Null on the last page. */
  readonly nextMarker: string | null;
}

/** "List Blobs": at most 5,000 entries a page. */
export const MAX_RESULTS = 5000;

export function listBlobs(container: Container, options: ListOptions, nowMs: number): Outcome<BlobPage> {
  const { prefix = '', delimiter, maxResults = MAX_RESULTS } = options;
  if (!Number.isInteger(maxResults) || maxResults < 1)
    return fail('OutOfRangeQueryParameterValue', `maxresults is ${maxResults}, expected 1 to ${MAX_RESULTS}`);
  if (options.includeDeleted) purgeDeleted(container, nowMs);
  const from = readMarker(options.marker);
  const limit = Math.min(maxResults, MAX_RESULTS);
  const includesMore = options.includeSnapshots === true || options.includeDeleted === true;
  const names = includesMore ? container.allNames() : container.names();
  const entries: ListEntry[] = [];
  let rolledUp: string | null = null;
  const first = [from.name, prefix].sort().at(-1) ?? '';
  for (let index = firstAtOrAfter(names, first); index < names.length; index++) {
    const name = names[index] as string;
    if (!name.startsWith(prefix)) break;
    const group = delimiter ? groupOf(name, prefix, delimiter) : null;
    if (group !== null && group === rolledUp) continue;
    const found: readonly ListEntry[] =
      group === null ? entriesOf(container, name, options) : [{ kind: 'prefix', name: group }];
    const skipped = name === from.name ? from.skip : 0;
    const room = limit - entries.length;
    const fitting = found.slice(skipped, skipped + room);
    entries.push(...fitting);
    if (fitting.length < found.length - skipped)
      return succeed({ entries, nextMarker: formatMarker(name, skipped + fitting.length) });
    rolledUp = group;
  }
  return succeed({ entries, nextMarker: null });
}

/** What is listed under one name: its snapshots, oldest first, and the blob. */
function entriesOf(container: Container, name: string, options: ListOptions): readonly ListEntry[] {
  const found: Blob[] = [];
  const { includeSnapshots = false, includeDeleted = false } = options;
  for (const snapshot of container.snapshots.get(name) ?? []) {
    const isWanted = snapshot.deletion === null ? includeSnapshots : includeSnapshots && includeDeleted;
    if (isWanted) found.push(snapshot);
  }
  const blob = container.blob(name);
  const deleted = container.deleted.get(name);
  const lease = container.leases.get(name);
  if (blob !== undefined) found.push(lease === undefined ? blob : { ...blob, lease });
  else if (deleted !== undefined && includeDeleted) found.push(deleted);
  return found.map((listed) => ({ kind: 'blob', blob: listed }));
}

function groupOf(name: string, prefix: string, delimiter: string): string | null {
  const end = name.indexOf(delimiter, prefix.length);
  return end < 0 ? null : name.slice(0, end + delimiter.length);
}

function firstAtOrAfter(names: readonly string[], wanted: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((names[middle] as string) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Opaque to clients; base64url, because a name may hold anything that XML and URLs do not like.
function formatMarker(name: string, skip: number): string {
  return Buffer.from(`${skip}/${name}`, 'utf8').toString('base64url');
}

/** The name a page begins with, and how many entries of that name were on the page before. */
function readMarker(marker: string | undefined): { readonly name: string; readonly skip: number } {
  const text = Buffer.from(marker ?? '', 'base64url').toString('utf8');
  const mark = text.indexOf('/');
  return { name: text.slice(mark + 1), skip: Number.parseInt(text, 10) || 0 };
}

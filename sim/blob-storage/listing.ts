import type { Blob } from './blob.js';
import type { Container } from './container.js';
import { fail, type Outcome, succeed } from './failure.js';

export interface ListOptions {
  readonly prefix?: string | undefined;
  /** Names that share what follows the prefix up to this are rolled into one entry. */
  readonly delimiter?: string | undefined;
  /** `nextMarker` of the page before. */
  readonly marker?: string | undefined;
  readonly maxResults?: number | undefined;
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

export function listBlobs(container: Container, options: ListOptions): Outcome<BlobPage> {
  const { prefix = '', delimiter, maxResults = MAX_RESULTS } = options;
  if (!Number.isInteger(maxResults) || maxResults < 1)
    return fail('OutOfRangeQueryParameterValue', `maxresults is ${maxResults}, expected 1 to ${MAX_RESULTS}`);
  const from = options.marker ? decodeMarker(options.marker) : '';
  const limit = Math.min(maxResults, MAX_RESULTS);
  const names = container.names();
  const entries: ListEntry[] = [];
  let rolledUp: string | null = null;
  const first = [from, prefix].sort().at(-1) ?? '';
  for (let index = firstAtOrAfter(names, first); index < names.length; index++) {
    const name = names[index] as string;
    if (!name.startsWith(prefix)) break;
    const group = delimiter ? groupOf(name, prefix, delimiter) : null;
    if (group !== null && group === rolledUp) continue;
    if (entries.length === limit) return succeed({ entries, nextMarker: encodeMarker(name) });
    rolledUp = group;
    if (group !== null) entries.push({ kind: 'prefix', name: group });
    else entries.push({ kind: 'blob', blob: container.blob(name) as Blob });
  }
  return succeed({ entries, nextMarker: null });
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
function encodeMarker(name: string): string {
  return Buffer.from(name, 'utf8').toString('base64url');
}

function decodeMarker(marker: string): string {
  return Buffer.from(marker, 'base64url').toString('utf8');
}

import { createHash } from 'node:crypto';
import type { Lease } from './lease.js';
import type { Metadata } from './names.js';
import type { Tags } from './tags.js';
import type { Tier } from './tiers.js';

/** The HTTP properties that a client may give a blob. */
export interface ContentProperties {
  readonly contentType: string;
  readonly contentEncoding?: string | undefined;
  readonly contentLanguage?: string | undefined;
  readonly contentDisposition?: string | undefined;
  readonly cacheControl?: string | undefined;
}

export const DEFAULT_CONTENT_TYPE = 'application/octet-stream';

/** A block that a blob is made of. */
export interface CommittedBlock {
  /** Base64, as the client named it. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** Where a blob's bytes came from, when it was copied. */
export interface CopyOrigin {
  readonly id: string;
  readonly sourceUrl: string;
  readonly completedMs: number;
}

/** Soft deletion: gone for readers, until it is restored or purged. */
export interface Deletion {
  readonly deletedMs: number;
  readonly purgeMs: number;
}

/** What only an append blob has. */
export interface Appending {
  readonly blockCount: number;
  /** Nothing can be added any more. */
  readonly isSealed: boolean;
}

/** One version of a blob. */
export interface Blob {
  readonly name: string;
  readonly body: Uint8Array;
  readonly content: ContentProperties;
  readonly metadata: Metadata;
  readonly tags: Tags;
  readonly etag: string;
  readonly createdMs: number;
  readonly lastModifiedMs: number;
  /** Empty when it was put in one piece. */
  readonly blocks: readonly CommittedBlock[];
  /** Null for a block blob. */
  readonly appending: Appending | null;
  /** Null until somebody chooses one: then the account's own, Hot. */
  readonly tier: Tier | null;
  readonly copy: CopyOrigin | null;
  /** The time of a snapshot, in the service's form; null for the blob itself. */
  readonly snapshot: string | null;
  readonly deletion: Deletion | null;
  /** The blob's lease when this was read. */
  readonly lease: Lease | null;
}

export function blobTypeOf({ appending }: Blob): 'BlockBlob' | 'AppendBlob' {
  return appending === null ? 'BlockBlob' : 'AppendBlob';
}

const digests = new WeakMap<Uint8Array, string>();

/** Base64 MD5 of a blob's bytes: reckoned when first asked for, because most pictures are never asked. */
export function contentMd5(body: Uint8Array): string {
  let digest = digests.get(body);
  if (digest === undefined) {
    digest = createHash('md5').update(body).digest('base64');
    digests.set(body, digest);
  }
  return digest;
}

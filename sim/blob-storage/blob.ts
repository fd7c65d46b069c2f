import { createHash } from 'node:crypto';
import type { Metadata } from './names.js';

/** The HTTP properties that a client may give a blob. */
export interface ContentProperties {
  readonly contentType: string;
  readonly contentEncoding?: string | undefined;
  readonly contentLanguage?: string | undefined;
  readonly contentDisposition?: string | undefined;
  readonly cacheControl?: string | undefined;
}

export const DEFAULT_CONTENT_TYPE = 'application/octet-stream';

/** One version of a block blob. */
export interface Blob {
  readonly name: string;
  readonly body: Uint8Array;
  readonly content: ContentProperties;
  readonly metadata: Metadata;
  readonly etag: string;
  readonly createdMs: number;
  readonly lastModifiedMs: number;
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

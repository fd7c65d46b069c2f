/**
 * What the simulator's own parts (camera module, Dev Kit, Functions host) ask of blob storage, whether the
 * answers come through the official SDK or by a direct call. Neither retries: waiting and trying again is the
 * caller's, on the caller's clock, so that both take the same virtual time.
 */
import type { Metadata } from '../account/names.js';

export interface PutBlobOptions {
  readonly contentType?: string;
  readonly metadata?: Metadata;
}

export interface FetchedBlob {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly metadata: Metadata;
  readonly etag: string;
  readonly lastModifiedMs: number;
}

export interface ListedBlob {
  readonly name: string;
  readonly lengthBytes: number;
  /** Whole seconds: what a listing carries. */
  readonly lastModifiedMs: number;
}

/** Every method rejects with `BlobClientError`. */
export interface BlobClient {
  /** Returns false when there was one already. */
  createContainer(container: string): Promise<boolean>;
  /** Creates or overwrites. Returns the entity tag. */
  put(container: string, name: string, body: Uint8Array, options?: PutBlobOptions): Promise<string>;
  get(container: string, name: string): Promise<FetchedBlob>;
  /** Returns false when there was none. */
  delete(container: string, name: string): Promise<boolean>;
  /** All of them, page after page, in the order of their names. */
  list(container: string, prefix?: string): Promise<readonly ListedBlob[]>;
}

/** The service said no (`FF_BLOB_REFUSED`), or could not be reached (`FF_BLOB_UNREACHABLE`: try again later). */
export class BlobClientError extends Error {
  readonly code: 'FF_BLOB_REFUSED' | 'FF_BLOB_UNREACHABLE';
  /** The service's own code, e.g. `BlobNotFound`; null when it was not reached. */
  readonly serviceCode: string | null;
  readonly status: number | null;

  constructor(what: string, answer: { readonly serviceCode: string; readonly status: number } | null) {
    super(
      answer
        ? `${what}: ${answer.serviceCode} (${answer.status})`
        : `${what}: blob storage cannot be reached`,
    );
    this.code = answer ? 'FF_BLOB_REFUSED' : 'FF_BLOB_UNREACHABLE';
    this.serviceCode = answer?.serviceCode ?? null;
    this.status = answer?.status ?? null;
  }
}

export function isServiceCode(error: unknown, serviceCode: string): boolean {
  return error instanceof BlobClientError && error.serviceCode === serviceCode;
}

/**
 * Which versions of which blobs a function has dealt with, so that each is handled once as long as nothing
 * fails. Keyed as "Blob receipts" says: function, container, blob type, name and entity tag.
 */

export interface BlobVersion {
  readonly container: string;
  readonly name: string;
  readonly etag: string;
}

export interface Receipts {
  isCompleted(functionName: string, blob: BlobVersion): Promise<boolean>;
  complete(functionName: string, blob: BlobVersion): Promise<void>;
}

/** Kept in memory; the oldest are forgotten beyond `limit`, so that a long run does not grow. */
export function memoryReceipts(limit = 100_000): Receipts {
  const completed = new Set<string>();
  return {
    isCompleted: async (functionName, blob) => completed.has(receiptPath(functionName, blob)),
    async complete(functionName, blob) {
      completed.add(receiptPath(functionName, blob));
      const [oldest] = completed;
      if (completed.size > limit && oldest !== undefined) completed.delete(oldest);
    },
  };
}

/** What receipts need of blob storage. */
export interface ReceiptBlobs {
  put(container: string, name: string, body: Uint8Array): Promise<unknown>;
  list(container: string, prefix: string): Promise<readonly { readonly name: string }[]>;
}

export const HOSTS_CONTAINER = 'azure-webjobs-hosts';

/** Kept where Microsoft's host keeps them, so that they outlive this one; costs two requests an invocation. */
export function blobReceipts(blobs: ReceiptBlobs, hostId: string): Receipts {
  const path = (functionName: string, blob: BlobVersion) =>
    `blobreceipts/${hostId}/${receiptPath(functionName, blob)}`;
  return {
    async isCompleted(functionName, blob) {
      const wanted = path(functionName, blob);
      const found = await blobs.list(HOSTS_CONTAINER, wanted);
      return found.some(({ name }) => name === wanted);
    },
    async complete(functionName, blob) {
      await blobs.put(HOSTS_CONTAINER, path(functionName, blob), new Uint8Array());
    },
  };
}

function receiptPath(functionName: string, { container, name, etag }: BlobVersion): string {
  return `${functionName}/BlockBlob/${etag}/${container}/${name}`;
}

import { type Link, LinkDownError } from '../../network/index.js';
import type { Credential } from '../access/authorisation.js';
import type { BlobConnection } from '../access/connection-string.js';
import type { BlobStorage } from '../blob-storage.js';
import * as operations from '../operations/operations.js';
import {
  type BlobClient,
  BlobClientError,
  type FetchedBlob,
  isServiceCode,
  type ListedBlob,
  type PutBlobOptions,
} from './blob-client.js';

/** Calls the core in process over `link`, with the credential of `connection`. */
export function openDirectBlobClient(
  storage: BlobStorage,
  connection: BlobConnection,
  link: Link | undefined,
): BlobClient {
  return new DirectBlobClient(storage, connection, link);
}

const MS_PER_SECOND = 1000;
const IN_PROCESS = { protocol: 'https', remoteAddress: null } as const;

class DirectBlobClient implements BlobClient {
  private readonly storage: BlobStorage;
  private readonly account: string;
  private readonly credential: Credential;
  private readonly link: Link | undefined;

  constructor(storage: BlobStorage, { account, secret }: BlobConnection, link: Link | undefined) {
    this.storage = storage;
    this.account = account;
    this.credential =
      secret.kind === 'key' ? secret : { kind: 'token', token: new URLSearchParams(secret.token) };
    this.link = link;
  }

  createContainer(container: string): Promise<boolean> {
    return this.call(operations.createContainer(this.account, container)).then(
      () => true,
      (error: unknown) => unless(error, 'ContainerAlreadyExists'),
    );
  }

  async put(
    container: string,
    name: string,
    body: Uint8Array,
    options: PutBlobOptions = {},
  ): Promise<string> {
    const { contentType, metadata } = options;
    // A copy, as a protocol makes one: the caller may go on using its buffer.
    const operation = operations.putBlob(this.account, container, name, Buffer.from(body), {
      ...(contentType === undefined ? {} : { content: { contentType } }),
      ...(metadata === undefined ? {} : { metadata }),
    });
    const blob = await this.call(operation);
    return blob.etag;
  }

  async get(container: string, name: string): Promise<FetchedBlob> {
    const { blob } = await this.call(operations.getBlob(this.account, container, name));
    const { body, content, metadata, etag, lastModifiedMs } = blob;
    return {
      body,
      contentType: content.contentType,
      metadata,
      etag,
      lastModifiedMs: wholeSecond(lastModifiedMs),
    };
  }

  delete(container: string, name: string): Promise<boolean> {
    return this.call(operations.deleteBlob(this.account, container, name)).then(
      () => true,
      (error: unknown) => unless(error, 'BlobNotFound'),
    );
  }

  async list(container: string, prefix = ''): Promise<readonly ListedBlob[]> {
    const listed: ListedBlob[] = [];
    let marker: string | undefined;
    do {
      const page = await this.call(operations.listBlobs(this.account, container, { prefix, marker }));
      for (const entry of page.entries) {
        if (entry.kind !== 'blob') continue;
        const { name, body, lastModifiedMs } = entry.blob;
        listed.push({ name, lengthBytes: body.byteLength, lastModifiedMs: wholeSecond(lastModifiedMs) });
      }
      marker = page.nextMarker ?? undefined;
    } while (marker !== undefined);
    return listed;
  }

  private async call<T>(operation: operations.Operation<T>): Promise<T> {
    const { container, blob } = operation.target;
    const what = `${operation.name} ${container ?? ''}/${blob ?? ''}`;
    const { credential, link } = this;
    const outcome = await this.storage
      .perform(operation, { credential, link, transport: IN_PROCESS })
      .catch((error: unknown) => {
        throw error instanceof LinkDownError ? new BlobClientError(what, null) : error;
      });
    if (outcome.ok) return outcome.value;
    const { code, status } = outcome.failure;
    throw new BlobClientError(what, { serviceCode: code, status });
  }
}

function unless(error: unknown, serviceCode: string): false {
  if (isServiceCode(error, serviceCode)) return false;
  throw error;
}

/** HTTP dates carry whole seconds; a direct caller sees no more than one through the protocol. */
function wholeSecond(epochMs: number): number {
  return Math.floor(epochMs / MS_PER_SECOND) * MS_PER_SECOND;
}

import type { Agent } from 'node:http';
import {
  BlobServiceClient,
  type ContainerClient,
  RestError,
  type StoragePipelineOptions,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import type { BlobConnection } from '../access/connection-string.js';
import {
  type BlobClient,
  BlobClientError,
  type FetchedBlob,
  type ListedBlob,
  type PutBlobOptions,
} from './blob-client.js';

/** The official SDK; `agent` dials in a world (see `httpAgentOver`), undefined dials the real network. */
export function openSdkBlobClient(connection: BlobConnection, agent: Agent | undefined): BlobClient {
  return new SdkBlobClient(openBlobServiceClient(connection, agent));
}

/** The SDK's own client for `connection`, without its retries. */
export function openBlobServiceClient(
  { account, endpoint, secret }: BlobConnection,
  agent: Agent | undefined,
): BlobServiceClient {
  // The pipeline hands `agent` on to node:http, though its type does not say so.
  const options: StoragePipelineOptions & { readonly agent?: Agent } = {
    retryOptions: { maxTries: 1 },
    ...(agent === undefined ? {} : { agent }),
  };
  return secret.kind === 'key'
    ? new BlobServiceClient(endpoint, new StorageSharedKeyCredential(account, secret.key), options)
    : new BlobServiceClient(`${endpoint}?${secret.token}`, undefined, options);
}

class SdkBlobClient implements BlobClient {
  private readonly service: BlobServiceClient;
  /** Made once each: every new one builds a request pipeline. */
  private readonly containers = new Map<string, ContainerClient>();

  constructor(service: BlobServiceClient) {
    this.service = service;
  }

  async createContainer(container: string): Promise<boolean> {
    const answer = await this.call(`CreateContainer ${container}/`, () =>
      this.container(container).createIfNotExists(),
    );
    return answer.succeeded;
  }

  async put(
    container: string,
    name: string,
    body: Uint8Array,
    options: PutBlobOptions = {},
  ): Promise<string> {
    const { contentType, metadata } = options;
    const answer = await this.call(`PutBlob ${container}/${name}`, () =>
      this.container(container)
        .getBlockBlobClient(name)
        .upload(Buffer.from(body.buffer, body.byteOffset, body.byteLength), body.byteLength, {
          ...(contentType === undefined ? {} : { blobHTTPHeaders: { blobContentType: contentType } }),
          ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
        }),
    );
    return answer.etag ?? '';
  }

  get(container: string, name: string): Promise<FetchedBlob> {
    return this.call(`GetBlob ${container}/${name}`, async () => {
      const answer = await this.container(container).getBlobClient(name).download();
      const chunks: Buffer[] = [];
      for await (const chunk of answer.readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
      return {
        body: Buffer.concat(chunks),
        contentType: answer.contentType ?? '',
        metadata: answer.metadata ?? {},
        etag: answer.etag ?? '',
        lastModifiedMs: answer.lastModified?.getTime() ?? 0,
      };
    });
  }

  async delete(container: string, name: string): Promise<boolean> {
    const answer = await this.call(`DeleteBlob ${container}/${name}`, () =>
      this.container(container).getBlobClient(name).deleteIfExists(),
    );
    return answer.succeeded;
  }

  list(container: string, prefix = ''): Promise<readonly ListedBlob[]> {
    return this.call(`ListBlobs ${container}/`, async () => {
      const listed: ListedBlob[] = [];
      for await (const { name, properties } of this.container(container).listBlobsFlat({ prefix }))
        listed.push({
          name,
          lengthBytes: properties.contentLength ?? 0,
          lastModifiedMs: properties.lastModified.getTime(),
        });
      return listed;
    });
  }

  private container(name: string): ContainerClient {
    let client = this.containers.get(name);
    if (client === undefined) {
      client = this.service.getContainerClient(name);
      this.containers.set(name, client);
    }
    return client;
  }

  private async call<T>(what: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw error instanceof RestError ? translated(what, error) : error;
    }
  }
}

function translated(what: string, error: RestError): BlobClientError {
  const { statusCode, code } = error;
  if (statusCode === undefined) return new BlobClientError(what, null);
  return new BlobClientError(what, { serviceCode: code ?? String(statusCode), status: statusCode });
}

import type http from 'node:http';
import {
  AnonymousCredential,
  ContainerClient,
  RestError,
  type StoragePipelineOptions,
} from '@azure/storage-blob';
import { toBlobMetadata } from '../picture-metadata.js';
import { type Picture, PictureRefusedError, type PictureStore } from './picture-store.js';

export interface BlobPictureStoreOptions {
  /** Of the container, with a shared access signature that may create and nothing else. */
  readonly containerSasUrl: string;
  /** Opens the connections; by default Node's own agent. */
  readonly agent?: http.Agent;
}

const CONFLICT = 409;
const PRECONDITION_FAILED = 412;

/** Azure Blob Storage through its official SDK. Nothing is retried here: the camera's own schedule does. */
export class BlobPictureStore implements PictureStore {
  private readonly container: ContainerClient;

  constructor({ containerSasUrl, agent }: BlobPictureStoreOptions) {
    // `agent` is honoured by the SDK's pipeline though its type does not name it.
    const options: StoragePipelineOptions & { agent?: http.Agent } = {
      retryOptions: { maxTries: 1 },
      ...(agent === undefined ? {} : { agent }),
    };
    this.container = new ContainerClient(containerSasUrl, new AnonymousCredential(), options);
  }

  async put({ name, jpeg, metadata }: Picture): Promise<void> {
    try {
      await this.container.getBlockBlobClient(name).upload(jpeg, jpeg.length, {
        metadata: toBlobMetadata(metadata),
        blobHTTPHeaders: { blobContentType: 'image/jpeg' },
        // With a signature that may only create, a second upload of the same picture would be refused otherwise.
        conditions: { ifNoneMatch: '*' },
      });
    } catch (error) {
      if (!(error instanceof RestError) || error.statusCode === undefined) throw error;
      if (error.statusCode === CONFLICT || error.statusCode === PRECONDITION_FAILED) return;
      if (isFinal(error.statusCode))
        throw new PictureRefusedError(`${name}: ${error.message}`, { cause: error });
      throw error;
    }
  }
}

/** A request that is wrong in itself; 401 and 403 may pass with a renewed signature, 404 with the container. */
function isFinal(statusCode: number): boolean {
  return statusCode === 400 || statusCode === 411 || statusCode === 413;
}

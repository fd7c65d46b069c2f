import type http from 'node:http';
import {
  AnonymousCredential,
  ContainerClient,
  RestError,
  type StoragePipelineOptions,
} from '@azure/storage-blob';
import { toBlobMetadata } from '../picture-metadata.js';
import type { Picture, PictureStore } from './picture-store.js';
import { RepeatableUpload, type UploadAnswer } from './repeatable-upload.js';

export interface BlobPictureStoreOptions {
  /** Of the container, with a shared access signature that may create and nothing else. */
  readonly containerSasUrl: string;
  /** Opens the connections; by default Node's own agent. */
  readonly agent?: http.Agent;
  /** Names of pictures whose upload found no answer, from before a restart. */
  readonly unanswered?: Set<string>;
}

/** Azure Blob Storage through its official SDK. Nothing is retried here: the camera's own schedule does. */
export function openBlobPictureStore(parts: BlobPictureStoreOptions): PictureStore {
  const { containerSasUrl, agent, unanswered } = parts;
  // `agent` is honoured by the SDK's pipeline though its type does not name it.
  const options: StoragePipelineOptions & { agent?: http.Agent } = {
    retryOptions: { maxTries: 1 },
    ...(agent === undefined ? {} : { agent }),
  };
  const container = new ContainerClient(containerSasUrl, new AnonymousCredential(), options);
  return new RepeatableUpload((picture) => upload(container, picture), unanswered);
}

async function upload(container: ContainerClient, { name, jpeg, metadata }: Picture): Promise<UploadAnswer> {
  try {
    await container.getBlockBlobClient(name).upload(jpeg, jpeg.length, {
      metadata: toBlobMetadata(metadata),
      blobHTTPHeaders: { blobContentType: 'image/jpeg' },
      conditions: { ifNoneMatch: '*' },
    });
    return { status: 201, code: '', message: '' };
  } catch (error) {
    if (!(error instanceof RestError) || error.statusCode === undefined) throw error;
    return { status: error.statusCode, code: error.code ?? '', message: error.message };
  }
}

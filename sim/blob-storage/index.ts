/**
 * Blob storage: the service, its REST front, and its direct client. The client over the official SDK is in
 * `sdk-client.js`, apart, so that a run without a wire does not load the SDK.
 */
export type { AccountOptions } from './account.js';
export { type Azurite, AzuriteMissingError, startAzurite } from './azurite.js';
export {
  type BlobClient,
  BlobClientError,
  type FetchedBlob,
  isServiceCode,
  type ListedBlob,
  type PutBlobOptions,
} from './blob-client.js';
export { BlobStorage, type BlobStorageOptions, type BlobWritten } from './blob-storage.js';
export type { BlobEvent } from './change-feed.js';
export {
  type BlobConnection,
  DEVELOPMENT_ACCOUNT,
  DEVELOPMENT_KEY,
  formatConnectionString,
  parseConnectionString,
} from './connection-string.js';
export { openDirectBlobClient } from './direct-client.js';
export { type AzuriteFront, createAzuriteFront } from './front/azurite-front.js';
export { createBlobFront } from './front/blob-front.js';
export {
  applyLifecycle,
  type LifecyclePolicy,
  LifecyclePolicyError,
  parseLifecyclePolicy,
  startLifecycle,
} from './lifecycle.js';
export { type RetentionPolicy, type RetentionSweep, startRetentionSweep } from './retention.js';

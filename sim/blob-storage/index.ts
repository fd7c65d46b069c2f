/**
 * Blob storage: the service, its REST front, and its direct client. The client over the official SDK is in
 * `sdk-client.js`, apart, so that a run without a wire does not load the SDK.
 */

export {
  type BlobConnection,
  DEVELOPMENT_ACCOUNT,
  DEVELOPMENT_KEY,
  formatConnectionString,
  parseConnectionString,
} from './access/connection-string.js';
export type { AccountOptions } from './account/account.js';
export { type Azurite, AzuriteMissingError, startAzurite } from './azurite.js';
export { BlobStorage, type BlobStorageOptions, type BlobWritten } from './blob-storage.js';
export {
  type BlobClient,
  BlobClientError,
  type FetchedBlob,
  isServiceCode,
  type ListedBlob,
  type PutBlobOptions,
} from './client/blob-client.js';
export { openDirectBlobClient } from './client/direct-client.js';
export { type AzuriteFront, createAzuriteFront } from './front/azurite-front.js';
export { createBlobFront } from './front/blob-front.js';
export type { BlobEvent } from './keeping/change-feed.js';
export {
  applyLifecycle,
  type LifecyclePolicy,
  LifecyclePolicyError,
  parseLifecyclePolicy,
  startLifecycle,
} from './keeping/lifecycle.js';
export { type RetentionPolicy, type RetentionSweep, startRetentionSweep } from './keeping/retention.js';

/**
 * The operations of the Blob service as values: what each is called, what it may cost on the way, which
 * permission it needs, and what it does to an account. Both ways in (REST and the direct call) build these.
 */
export * from './append-operations.js';
export * from './blob-operations.js';
export * from './block-operations.js';
export * from './container-operations.js';
export {
  LIST_ENTRY_BYTES,
  type Operation,
  type OperationName,
  type Target,
  writesBlob,
} from './operation.js';
export * from './service-operations.js';

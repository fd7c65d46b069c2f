export {
  type BlobArrival,
  POISON_QUEUE,
  type PoisonMessage,
  type TriggerBlob,
  type TriggerBlobs,
} from './blob-trigger.js';
export type { EventSender } from './event-hubs-output.js';
export { type FunctionApp, loadFunctionApp, loadFunctionModule, type Settings } from './function-app.js';
export { type FunctionsHost, type FunctionsHostOptions, openFunctionsHost } from './functions-host.js';
export { FunctionsHostError, type HostErrorCode } from './host-error.js';
export { type HostOptions, parseHostJson, type RetryOptions } from './host-json.js';
export type { LogLine } from './invocation-log.js';
export { FunctionTimeoutError } from './invoker.js';
export { blobReceipts, HOSTS_CONTAINER, memoryReceipts, type Receipts } from './receipts.js';

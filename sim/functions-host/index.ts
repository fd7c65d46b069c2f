export {
  type BlobArrival,
  POISON_QUEUE,
  type PoisonMessage,
  type TriggerBlob,
  type TriggerBlobs,
} from './blob-trigger.js';
export type { EventSender } from './event-hubs-output.js';
export type { TriggerEvent, TriggerEvents } from './event-hubs-trigger.js';
export { type FunctionApp, loadFunctionApp, loadFunctionModule, type Settings } from './function-app.js';
export { type FunctionsHost, type FunctionsHostOptions, openFunctionsHost } from './functions-host.js';
export { FunctionsHostError, type HostErrorCode } from './host-error.js';
export { type HostOptions, parseHostJson, type RetryOptions } from './host-json.js';
export { functionsListener, type HttpAnswer, type HttpCall } from './http-trigger.js';
export { CONSUMPTION_PLAN, type InstanceFigures, ONE_INSTANCE, type Plan } from './instances.js';
export type { LogLine } from './invocation-log.js';
export { FunctionTimeoutError } from './invoker.js';
export { type QueueMessage, StorageQueue } from './queues.js';
export { blobReceipts, HOSTS_CONTAINER, memoryReceipts, type Receipts } from './receipts.js';

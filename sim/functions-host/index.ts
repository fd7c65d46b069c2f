export { type FunctionApp, loadFunctionApp, loadFunctionModule, type Settings } from './app/function-app.js';
export { type HostOptions, parseHostJson, type RetryOptions } from './app/host-json.js';
export type { EventSender } from './bindings/event-hubs-output.js';
export { type QueueMessage, StorageQueue } from './bindings/queues.js';
export { type FunctionsHost, type FunctionsHostOptions, openFunctionsHost } from './functions-host.js';
export { FunctionsHostError, type HostErrorCode } from './host-error.js';
export type { LogLine } from './invocation-log.js';
export { FunctionTimeoutError } from './invoker.js';
export {
  type BlobArrival,
  POISON_QUEUE,
  type PoisonMessage,
  type TriggerBlob,
  type TriggerBlobs,
} from './triggers/blob-trigger.js';
export {
  blobCheckpoints,
  type CheckpointBlobs,
  type Checkpoints,
  memoryCheckpoints,
} from './triggers/checkpoints.js';
export type { TriggerEvent, TriggerEvents } from './triggers/event-hubs-trigger.js';
export { functionsListener, type HttpAnswer, type HttpCall } from './triggers/http-trigger.js';
export { consumptionPlan, type InstanceFigures, ONE_INSTANCE, type Plan } from './triggers/instances.js';
export { blobReceipts, HOSTS_CONTAINER, memoryReceipts, type Receipts } from './triggers/receipts.js';

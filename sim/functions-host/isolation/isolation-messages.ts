/** What the host and the worker thread that runs an app say to each other. */
import type { LogLine } from '../invocation-log.js';
import type { InvocationRequest, Outputs } from '../invoker.js';

export interface WorkerStart {
  readonly appFolder: string;
}

export interface WorkerCall {
  readonly call: number;
  readonly functionName: string;
  readonly request: InvocationRequest;
}

export type WorkerAnswer =
  | { readonly kind: 'log'; readonly line: Omit<LogLine, 'atMs'> }
  | { readonly kind: 'done'; readonly call: number; readonly outputs: Outputs }
  | { readonly kind: 'failed'; readonly call: number; readonly message: string };

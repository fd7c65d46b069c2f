import type core from '@azure/functions-core';
import type { KernelServices } from '../../kernel/services.js';
import type { StageFigures } from '../../kernel/stage-counters.js';
import type { BindingData } from '../bindings/binding-data.js';
import type { Outputs } from '../invoker.js';

/** What starts one function. */
export interface Trigger {
  start(): void;
  /** Hears of nothing new; what has come is still worked off. */
  stop(): void;
  readonly isIdle: boolean;
  figures(): StageFigures;
}

/** One start of a function. */
export interface FunctionCall {
  readonly invocationId: string;
  readonly input: core.TypedData;
  readonly triggerMetadata: Readonly<Record<string, core.TypedData>>;
  /** What `{name}` in the paths of its other bindings stands for. */
  readonly bindingData: BindingData;
}

export interface TriggerParts {
  readonly services: KernelServices;
  readonly functionName: string;
  /** Runs the function and delivers its outputs; rejects when either fails. */
  call(call: FunctionCall): Promise<Outputs>;
  /** Told of an attempt on `what` that failed. */
  onFailure(invocationId: string, what: string, attempt: number, error: unknown): void;
}

/** Alike in every fidelity and run: of the function and what started it. */
export function newInvocationId({ services, functionName }: TriggerParts, what: string): string {
  return services.rng(`functions-host/${functionName}/${what}`).uuid();
}

/**
 * Calls a handler as Microsoft's Node worker does: arguments by the programming model, hooks around it, a
 * limit on its time, its return value and outputs by binding name.
 */
import type core from '@azure/functions-core';
import type { Clock } from '../kernel/services.js';
import { functionsCore } from './app/injected-core.js';
import type { InvocationLog } from './invocation-log.js';

export interface InvocationRequest {
  readonly invocationId: string;
  readonly input: core.TypedData;
  /** Of its input bindings. */
  readonly extraInputs?: readonly { readonly name: string; readonly data: core.TypedData }[];
  readonly triggerMetadata: Readonly<Record<string, core.TypedData>>;
  /** Of a function with a retry policy, from its first retry on. */
  readonly retryContext?: core.RetryContext;
}

/** What a function gave to its output bindings, by binding name; `$return` for what it returned. */
export type Outputs = ReadonlyMap<string, core.TypedData>;

export class FunctionTimeoutError extends Error {
  readonly code = 'FF_FUNCTIONS_TIMEOUT';

  constructor(functionName: string, timeoutMs: number) {
    super(`Timeout value of ${timeoutMs} ms exceeded by function: ${functionName}`);
  }
}

const RETURN_BINDING = '$return';

export class FunctionInvoker {
  readonly name: string;
  private readonly registered: core.RegisteredFunction;
  private readonly hooks: readonly core.RegisteredHook[];
  private readonly clock: Clock;
  private readonly log: InvocationLog;
  private readonly timeoutMs: number | null;
  private readonly triggerName: string;
  /** What hooks share over the life of the app. */
  private readonly appHookData: Record<string, unknown>;

  constructor(
    registered: core.RegisteredFunction,
    hooks: readonly core.RegisteredHook[],
    appHookData: Record<string, unknown>,
    services: { readonly clock: Clock; readonly log: InvocationLog; readonly timeoutMs: number | null },
  ) {
    this.name = registered.metadata.name;
    this.registered = registered;
    this.hooks = hooks;
    this.appHookData = appHookData;
    this.clock = services.clock;
    this.log = services.log;
    this.timeoutMs = services.timeoutMs;
    this.triggerName = triggerOf(registered.metadata)[0];
  }

  /** Rejects with what the handler threw, or with `FunctionTimeoutError`. */
  async invoke(request: InvocationRequest): Promise<Outputs> {
    const { metadata } = this.registered;
    const context: core.CoreInvocationContext = {
      invocationId: request.invocationId,
      metadata,
      request: {
        invocationId: request.invocationId,
        inputData: [{ name: this.triggerName, data: request.input }, ...(request.extraInputs ?? [])],
        triggerMetadata: request.triggerMetadata,
        ...(request.retryContext === undefined ? {} : { retryContext: request.retryContext }),
      },
      log: (level, category, message) =>
        this.log.write({
          level,
          category,
          functionName: this.name,
          invocationId: request.invocationId,
          message,
        }),
      state: undefined,
    };
    return this.withinTime(this.run(context));
  }

  private async run(coreContext: core.CoreInvocationContext): Promise<Outputs> {
    const model = functionsCore.getProgrammingModel()?.getInvocationModel(coreContext);
    if (!model) throw new Error('no programming model is registered');
    const { context, inputs } = await model.getArguments();
    const hookContext: Record<string, unknown> = {
      hookData: {},
      appHookData: this.appHookData,
      invocationContext: context,
      inputs,
      functionCallback: this.registered.callback,
    };
    coreContext.state = 'preInvocationHooks';
    await this.runHooks('preInvocation', hookContext);
    coreContext.state = 'invocation';
    hookContext.result = null;
    hookContext.error = null;
    try {
      hookContext.result = await model.invokeFunction(
        context,
        hookContext.inputs as unknown[],
        hookContext.functionCallback as core.FunctionCallback,
      );
    } catch (error) {
      hookContext.error = error;
    }
    coreContext.state = 'postInvocationHooks';
    await this.runHooks('postInvocation', hookContext);
    if (hookContext.error) throw hookContext.error;
    return toOutputs(await model.getResponse(context, hookContext.result));
  }

  private async runHooks(name: string, context: Record<string, unknown>): Promise<void> {
    for (const hook of this.hooks) if (hook.name === name) await hook.callback(context);
  }

  /** A handler that hangs cannot be stopped in this thread; the host gives up on it and goes on. */
  private async withinTime<T>(work: Promise<T>): Promise<T> {
    const { timeoutMs } = this;
    if (timeoutMs === null) return work;
    return new Promise((settle, reject) => {
      const timer = this.clock.after(timeoutMs, () => reject(new FunctionTimeoutError(this.name, timeoutMs)));
      work.then(settle, reject).finally(() => timer.cancel());
    });
  }
}

function toOutputs({ returnValue, outputData = [] }: core.InvocationResponse): Outputs {
  const outputs = new Map(outputData.map(({ name, data }) => [name, data]));
  if (returnValue) outputs.set(RETURN_BINDING, returnValue);
  return outputs;
}

/** The one binding that starts a function. */
export function triggerOf(metadata: core.FunctionMetadata): readonly [string, core.BindingInfo] {
  const trigger = Object.entries(metadata.bindings).find(([, binding]) => /trigger$/i.test(binding.type));
  if (!trigger) throw new Error(`function ${metadata.name} has no trigger`);
  return trigger;
}

export function outputsOf(metadata: core.FunctionMetadata): readonly (readonly [string, core.BindingInfo])[] {
  return Object.entries(metadata.bindings).filter(([, binding]) => binding.direction === 'out');
}

/** The surface of the injected module that `@azure/functions` uses, and what our host adds to it. */
declare namespace core {
  type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
  type LogCategory = 'user' | 'system' | 'customMetric';

  /** A value as it crosses between host and worker: exactly one member is there. */
  interface TypedData {
    readonly string?: string;
    readonly json?: string;
    readonly bytes?: Uint8Array;
    readonly int?: number;
    readonly double?: number;
    readonly http?: HttpData;
  }

  /** A request to an HTTP trigger, or the answer of one. */
  interface HttpData {
    readonly method?: string;
    readonly url?: string;
    readonly statusCode?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
    readonly params?: Readonly<Record<string, string>>;
    readonly body?: TypedData;
  }

  interface BindingInfo {
    readonly type: string;
    readonly direction: 'in' | 'out';
    readonly [option: string]: unknown;
  }

  interface FunctionMetadata {
    readonly name: string;
    readonly bindings: Readonly<Record<string, BindingInfo>>;
    readonly retryOptions?: RetryPolicy;
  }

  interface Duration {
    readonly seconds: number;
  }

  interface RetryPolicy {
    readonly maxRetryCount: number;
    readonly retryStrategy: 'fixedDelay' | 'exponentialBackoff';
    readonly delayInterval?: Duration;
    readonly minimumInterval?: Duration;
    readonly maximumInterval?: Duration;
  }

  interface RetryContext {
    readonly retryCount: number;
    readonly maxRetryCount: number;
    readonly exception?: { readonly message: string; readonly source: string; readonly stackTrace: string };
  }

  type FunctionCallback = (...inputs: unknown[]) => unknown;
  type HookCallback = (context: Record<string, unknown>) => unknown;

  interface RegisteredFunction {
    readonly metadata: FunctionMetadata;
    readonly callback: FunctionCallback;
  }

  interface RegisteredHook {
    readonly name: string;
    readonly callback: HookCallback;
  }

  interface CoreInvocationContext {
    readonly invocationId: string;
    readonly metadata: FunctionMetadata;
    readonly request: {
      readonly invocationId: string;
      readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
      readonly triggerMetadata: Readonly<Record<string, TypedData>>;
      readonly retryContext?: RetryContext;
    };
    log(level: LogLevel, category: LogCategory, message: string): void;
    state: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined;
  }

  interface InvocationResponse {
    readonly returnValue?: TypedData | null | undefined;
    readonly outputData?: readonly { readonly name: string; readonly data: TypedData }[];
  }

  interface InvocationModel {
    getArguments(): Promise<{ readonly context: unknown; readonly inputs: unknown[] }>;
    invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
    getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
  }

  interface ProgrammingModel {
    readonly name: string;
    getInvocationModel(context: CoreInvocationContext): InvocationModel;
  }

  interface FunctionsCore {
    getProgrammingModel(): ProgrammingModel | undefined;
    collect(load: () => Promise<unknown>): Promise<{
      readonly functions: readonly RegisteredFunction[];
      readonly hooks: readonly RegisteredHook[];
    }>;
    onLog(write: (level: LogLevel, category: LogCategory, message: string) => void): void;
  }
}

declare const core: core.FunctionsCore;
export = core;

/** The `context` of handlers before v4: bindings by name, `log`, `done`, `req` and `res`. */
import type { HttpRequest, InvocationContext } from '@azure/functions';
import type core from '@azure/functions-core';

export type LegacyHandler = (context: LegacyContext, ...inputs: unknown[]) => unknown;

type Write = (...values: unknown[]) => void;
type LegacyLog = Write & Readonly<Record<'error' | 'warn' | 'info' | 'verbose' | 'metric', Write>>;

export interface LegacyContext {
  readonly invocationId: string;
  readonly executionContext: {
    readonly invocationId: string;
    readonly functionName: string;
    readonly functionDirectory: string;
  };
  readonly bindings: Record<string, unknown>;
  readonly bindingData: Readonly<Record<string, unknown>>;
  readonly log: LegacyLog;
  readonly req: LegacyRequest | undefined;
  res: unknown;
  done(error?: unknown, result?: unknown): void;
}

interface LegacyRequest {
  readonly method: string;
  readonly url: string;
  readonly originalUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  /** JSON parsed. */
  readonly body: unknown;
  readonly rawBody: string;
  get(header: string): string | undefined;
}

const RETURN_BINDING = '$return';

/** Wraps `handler` so that it is called and answers as a v4 handler. */
export function adaptLegacyHandler(
  handler: LegacyHandler,
  { name, bindings }: core.FunctionMetadata,
  functionDirectory: string,
): core.FunctionCallback {
  const entries = Object.entries(bindings);
  const [triggerName = ''] = entries.find(([, { type }]) => /trigger$/i.test(type)) ?? [];
  const inputs = entries.filter(([input, { direction }]) => direction === 'in' && input !== triggerName);
  const outputs = entries.filter(([, { direction }]) => direction === 'out');
  return async (triggerInput, invocation) => {
    const context = invocation as InvocationContext;
    const isHttp = bindings[triggerName]?.type.toLowerCase() === 'httptrigger';
    const req = isHttp ? await legacyRequest(triggerInput as HttpRequest) : undefined;
    const given = [req ?? triggerInput, ...inputs.map(([input]) => context.extraInputs.get(input))];
    const names = [triggerName, ...inputs.map(([input]) => input)];
    const { promise: done, resolve, reject } = withResolvers();
    const legacy: LegacyContext = {
      invocationId: context.invocationId,
      executionContext: { invocationId: context.invocationId, functionName: name, functionDirectory },
      bindings: Object.fromEntries(names.map((input, index) => [input, given[index]])),
      bindingData: { ...context.triggerMetadata, ...req?.params, invocationId: context.invocationId },
      log: legacyLog(context),
      req,
      res: isHttp ? {} : undefined,
      done: (error, result) => (error ? reject(error) : resolve(result)),
    };
    const returned = handler(legacy, ...given);
    // "If your function is not async, it must call context.done".
    const result = returned instanceof Promise ? await returned : await done;
    const fromDone = typeof result === 'object' && result !== null ? (result as Record<string, unknown>) : {};
    for (const [output, { type }] of outputs) {
      if (output === RETURN_BINDING) continue;
      const isAnswer = type.toLowerCase() === 'http';
      const value = legacy.bindings[output] ?? fromDone[output] ?? (isAnswer ? legacy.res : undefined);
      if (value !== undefined) context.extraOutputs.set(output, isAnswer ? httpAnswer(value) : value);
    }
    const returns = bindings[RETURN_BINDING]?.type.toLowerCase();
    return returns === 'http' ? httpAnswer(result) : result;
  };
}

function withResolvers() {
  let resolve: (value: unknown) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<unknown>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}

function legacyLog(context: InvocationContext): LegacyLog {
  return Object.assign((...values: unknown[]) => context.log(...values), {
    error: (...values: unknown[]) => context.error(...values),
    warn: (...values: unknown[]) => context.warn(...values),
    info: (...values: unknown[]) => context.info(...values),
    verbose: (...values: unknown[]) => context.debug(...values),
    metric: (...values: unknown[]) => context.info(...values),
  });
}

async function legacyRequest(request: HttpRequest): Promise<LegacyRequest> {
  const rawBody = await request.text();
  const headers = Object.fromEntries(request.headers);
  return {
    method: request.method,
    url: request.url,
    originalUrl: request.url,
    headers,
    query: Object.fromEntries(request.query),
    params: request.params,
    body: parsedOrText(rawBody),
    rawBody,
    get: (header) => headers[header.toLowerCase()],
  };
}

function parsedOrText(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A body that is an object goes out as JSON; anything but an answer is its body. */
function httpAnswer(value: unknown): object {
  const isAnswer =
    typeof value === 'object' &&
    value !== null &&
    ['status', 'statusCode', 'body', 'headers'].some((key) => key in value);
  const answer = (isAnswer ? value : value === undefined ? {} : { body: value }) as Record<string, unknown>;
  const { body, status, statusCode, ...rest } = answer;
  const isJson = typeof body === 'object' && body !== null && !(body instanceof Uint8Array);
  return {
    ...rest,
    status: status ?? statusCode ?? 200,
    ...(isJson ? { jsonBody: body } : { body: typeof body === 'number' ? String(body) : body }),
  };
}

/**
 * host.json, as "host.json reference for Azure Functions 2.x and later" has it. Keys that this host has no use
 * for are passed over, as Microsoft's does; a key that it uses must hold what the reference asks for.
 */
import { type ParseError, parse as parseJsonc, printParseErrorCode } from 'jsonc-parser';
import { z } from 'zod';
import { FunctionsHostError } from '../host-error.js';
import { parseTimeSpan } from '../triggers/time-span.js';

export interface RetryOptions {
  readonly mode: 'fixed' | 'exponential';
  readonly delayMs: number;
  readonly maximumDelayMs: number;
  /** Attempts after the first. */
  readonly maximumRetries: number;
}

export interface HostOptions {
  /** How long a handler may run; null: as long as it likes. */
  readonly functionTimeoutMs: number | null;
  readonly blobs: {
    /** Invocations at once. */
    readonly concurrency: number;
    /** Attempts before a blob is given up as poison. */
    readonly maxDequeueCount: number;
    /** How long a blob waits after a failed attempt. */
    readonly visibilityTimeoutMs: number;
  };
  readonly queues: {
    readonly concurrency: number;
    readonly maxDequeueCount: number;
    readonly visibilityTimeoutMs: number;
  };
  readonly eventHubs: {
    readonly clientRetry: RetryOptions;
    /** Events that one invocation may get. */
    readonly maxEventBatchSize: number;
    /** Batches from one checkpoint to the next. */
    readonly batchCheckpointFrequency: number;
  };
  /** Before every route, without slashes around it. */
  readonly httpRoutePrefix: string;
}

const timeSpan = z.string().transform((text, context) => {
  const ms = parseTimeSpan(text);
  if (ms === null) {
    context.addIssue({ code: 'custom', message: 'expected a time span like "00:05:00"' });
    return z.NEVER;
  }
  return ms;
});

/** "-1" for no limit; the default of a Dedicated plan, on which Azure Stack Hub's App Service runs. */
const functionTimeout = z.union([z.literal('-1').transform(() => null), timeSpan]).default(30 * 60_000);

const count = z.number().int().min(1);

const schema = z.object({
  functionTimeout,
  extensions: z
    .object({
      blobs: z
        .object({ maxDegreeOfParallelism: count.optional(), poisonBlobThreshold: count.optional() })
        .prefault({}),
      queues: z
        .object({
          batchSize: count.max(32).default(16),
          newBatchThreshold: z.number().int().min(0).optional(),
          maxDequeueCount: count.default(5),
          visibilityTimeout: timeSpan.default(0),
        })
        .prefault({}),
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
      eventHubs: z
        .object({
          maxEventBatchSize: count.default(100),
          batchCheckpointFrequency: count.default(1),
          clientRetryOptions: z
            .object({
              mode: z.enum(['fixed', 'exponential']).default('exponential'),
              delay: timeSpan.default(800),
              maximumDelay: timeSpan.default(60_000),
              maximumRetries: z.number().int().min(0).default(3),
            })
            .prefault({}),
        })
        .prefault({}),
    })
    .prefault({}),
});

/** Throws `FunctionsHostError` naming `file` and the key. */
export function parseHostJson(text: string, file: string): HostOptions {
  const errors: ParseError[] = [];
  const json: unknown = text.trim() === '' ? {} : parseJsonc(text, errors, { allowTrailingComma: true });
  const broken = errors[0];
  if (broken) {
    const line = text.slice(0, broken.offset).split('\n').length;
    throw new FunctionsHostError(
      'FF_FUNCTIONS_HOST_JSON',
      `${file}:${line}: not JSON (${printParseErrorCode(broken.error)})`,
    );
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new FunctionsHostError(
      'FF_FUNCTIONS_HOST_JSON',
      `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`,
    );
  }
  return toOptions(parsed.data);
}

function toOptions({ functionTimeout, extensions }: z.output<typeof schema>): HostOptions {
  const { blobs, queues, eventHubs, http } = extensions;
  const { mode, delay, maximumDelay, maximumRetries } = eventHubs.clientRetryOptions;
  // A new batch is fetched when this many are left of the one before, so both run at once: 16 + 8.
  const queueConcurrency = queues.batchSize + (queues.newBatchThreshold ?? Math.floor(queues.batchSize / 2));
  return {
    functionTimeoutMs: functionTimeout,
    blobs: {
      concurrency: blobs.maxDegreeOfParallelism ?? queueConcurrency,
      maxDequeueCount: blobs.poisonBlobThreshold ?? queues.maxDequeueCount,
      visibilityTimeoutMs: queues.visibilityTimeout,
    },
    queues: {
      concurrency: queueConcurrency,
      maxDequeueCount: queues.maxDequeueCount,
      visibilityTimeoutMs: queues.visibilityTimeout,
    },
    eventHubs: {
      clientRetry: { mode, delayMs: delay, maximumDelayMs: maximumDelay, maximumRetries },
      maxEventBatchSize: eventHubs.maxEventBatchSize,
      batchCheckpointFrequency: eventHubs.batchCheckpointFrequency,
    },
    httpRoutePrefix: http.routePrefix.replace(/^\/+|\/+$/g, ''),
  };
}

/**
 * The routes of a hub as Azure has them: `properties.routing` of a `Microsoft.Devices/IotHubs` resource, that resource,
 * or an ARM template with one.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { MessageSource } from '../../iot-hub/routing/message.js';
import { BUILT_IN_ENDPOINT, DEFAULT_ROUTING, type RoutingSettings } from '../../iot-hub/routing/settings.js';
import { BadInputError, fileProblem } from '../../scenario/input-problem.js';
import { STORAGE_FORMATS, type StorageEncoding } from './storage-formats.js';

export interface EventHubEndpoint {
  readonly kind: 'eventHub';
  readonly name: string;
  /** The event hub in the stand-in's namespace. */
  readonly hub: string;
}

export interface StorageEndpoint {
  readonly kind: 'storage';
  readonly name: string;
  readonly containerName: string;
  readonly fileNameFormat: string;
  readonly batchMs: number;
  readonly maxChunkBytes: number;
  readonly encoding: StorageEncoding;
}

export interface HubRouting {
  readonly file: string;
  readonly endpoints: readonly (EventHubEndpoint | StorageEndpoint)[];
  readonly settings: RoutingSettings;
}

const MS_PER_SECOND = 1000;
const DEFAULT_BATCH_SECONDS = 300;
const DEFAULT_CHUNK_BYTES = 314_572_800;
const DEFAULT_FILE_NAME = '{iothub}/{partition}/{YYYY}/{MM}/{DD}/{HH}/{mm}';

/** Sources that a hub here has; the rest of Azure's are said to be absent. */
const SOURCE = z.enum([
  'DeviceMessages',
  'TwinChangeEvents',
  'DeviceLifecycleEvents',
  'DeviceConnectionStateEvents',
]) satisfies z.ZodType<MessageSource>;

const ENCODINGS = Object.keys(STORAGE_FORMATS) as readonly StorageEncoding[];

const ROUTE = z.object({
  name: z.string(),
  source: SOURCE,
  condition: z.string().default('true'),
  endpointNames: z.array(z.string()),
  isEnabled: z.boolean().default(true),
});

const EVENT_HUB = z.object({
  name: z.string(),
  connectionString: z.string().optional(),
  entityPath: z.string().optional(),
});

const STORAGE = z.object({
  name: z.string(),
  containerName: z.string(),
  fileNameFormat: z.string().default(DEFAULT_FILE_NAME),
  batchFrequencyInSeconds: z.number().min(60).max(720).default(DEFAULT_BATCH_SECONDS),
  maxChunkSizeInBytes: z.number().min(10_485_760).max(524_288_000).default(DEFAULT_CHUNK_BYTES),
  // In any case, as templates have it; without a word it is Avro, as in Azure.
  encoding: z
    .string()
    .default('avro')
    .transform((text, context): StorageEncoding => {
      const known = ENCODINGS.find((each) => each.toLowerCase() === text.toLowerCase());
      if (known !== undefined) return known;
      context.addIssue(`expected JSON, Avro or AvroDeflate, not '${text}'`);
      return z.NEVER;
    }),
});

const NONE = z
  .array(z.unknown())
  .max(
    0,
    'this kind of endpoint is not there: Service Bus and Cosmos DB have no stand-in; use eventHubs or storageContainers',
  );

const ROUTING = z.object({
  endpoints: z
    .object({
      eventHubs: z.array(EVENT_HUB).default([]),
      storageContainers: z.array(STORAGE).default([]),
      serviceBusQueues: NONE.optional(),
      serviceBusTopics: NONE.optional(),
      cosmosDBSqlContainers: NONE.optional(),
    })
    .default({ eventHubs: [], storageContainers: [] }),
  routes: z.array(ROUTE).default([]),
  fallbackRoute: ROUTE.partial().optional(),
  enrichments: z
    .array(z.object({ key: z.string(), value: z.string(), endpointNames: z.array(z.string()) }))
    .default([]),
});

const RESOURCE_TYPE = 'microsoft.devices/iothubs';

/** Throws `BadInputError`. */
export function readRoutingFile(file: string): HubRouting {
  const parsed = ROUTING.safeParse(routingIn(file, jsonOf(file)));
  if (!parsed.success) {
    throw new BadInputError(
      parsed.error.issues.map(({ message, path }) =>
        fileProblem('FF_UP_ROUTING_INVALID', file, `${path.join('.') || 'routing'}: ${message}`, null),
      ),
    );
  }
  const { endpoints, enrichments, fallbackRoute, routes } = parsed.data;
  const { fallback } = DEFAULT_ROUTING;
  return {
    file,
    endpoints: [
      ...endpoints.eventHubs.map((each) => eventHubEndpoint(file, each)),
      ...endpoints.storageContainers.map(storageEndpoint),
    ],
    settings: {
      routes,
      fallback: {
        condition: fallbackRoute?.condition ?? fallback.condition,
        endpointNames: fallbackRoute?.endpointNames ?? [BUILT_IN_ENDPOINT],
        isEnabled: fallbackRoute?.isEnabled ?? fallback.isEnabled,
      },
      enrichments,
    },
  };
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BadInputError([fileProblem('FF_UP_ROUTING_UNREADABLE', file, why, 'a JSON file')]);
  }
}

function routingIn(file: string, document: unknown): unknown {
  const resource = iotHubIn(document) ?? document;
  const routing = memberOf(memberOf(resource, 'properties'), 'routing') ?? memberOf(resource, 'routing');
  const found = routing ?? resource;
  if (memberOf(found, 'routes') !== undefined || memberOf(found, 'fallbackRoute') !== undefined) return found;
  throw new BadInputError([
    fileProblem(
      'FF_UP_ROUTING_INVALID',
      file,
      'there are no routes in it',
      "an object with 'routes' and 'endpoints', as in properties.routing of an IoT Hub, or a template with one",
    ),
  ]);
}

function iotHubIn(template: unknown): unknown {
  const resources = memberOf(template, 'resources');
  if (!Array.isArray(resources)) return undefined;
  return resources.find((each) => String(memberOf(each, 'type')).toLowerCase() === RESOURCE_TYPE);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function eventHubEndpoint(
  file: string,
  { connectionString, entityPath, name }: z.infer<typeof EVENT_HUB>,
): EventHubEndpoint {
  const hub = entityPath ?? /(?:^|;)EntityPath=([^;]+)/i.exec(connectionString ?? '')?.[1];
  if (hub !== undefined) return { kind: 'eventHub', name, hub };
  throw new BadInputError([
    fileProblem(
      'FF_UP_ROUTING_INVALID',
      file,
      `the endpoint '${name}' does not name its event hub`,
      "'entityPath', or a connectionString with EntityPath=…",
    ),
  ]);
}

function storageEndpoint(endpoint: z.infer<typeof STORAGE>): StorageEndpoint {
  const { batchFrequencyInSeconds, containerName, encoding, fileNameFormat, maxChunkSizeInBytes, name } =
    endpoint;
  return {
    kind: 'storage',
    name,
    containerName,
    fileNameFormat,
    batchMs: batchFrequencyInSeconds * MS_PER_SECOND,
    maxChunkBytes: maxChunkSizeInBytes,
    encoding,
  };
}

/** The premises: blob storage, the Functions host with the solution's Function, and its way to Event Hubs. */
import { join } from 'node:path';
import {
  createAnalyzeFaces,
  createFaceApi,
  registerAnalyzeFaces,
} from '../../../pipeline/analyze-faces/index.js';
import type { BlobWritten } from '../../blob-storage/blob-storage.js';
import type { BlobClient, PutBlobOptions } from '../../blob-storage/client/blob-client.js';
import { isServiceCode } from '../../blob-storage/client/blob-client.js';
import { type RetentionSweep, startRetentionSweep } from '../../blob-storage/keeping/retention.js';
import type { EventSource } from '../../event-hubs/ports.js';
import type { SolutionParts } from '../../faults/solution-parts.js';
import {
  blobCheckpoints,
  consumptionPlan,
  type FunctionApp,
  type FunctionsHost,
  type LogLine,
  loadFunctionApp,
  loadFunctionModule,
  openFunctionsHost,
  type Plan,
  type Settings,
  type TriggerBlobs,
} from '../../functions-host/index.js';
import type { KernelServices } from '../../kernel/index.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import { installFolder } from '../tool-version.js';
import { BLOB_ENDPOINT } from '../transport/blob-url.js';
import type { Transport } from '../transport/transport.js';
import { bySeconds } from './seconds-of-events.js';
import { PICTURES_CONTAINER, STORAGE_ACCOUNT } from './services-of-a-world.js';

/** How the Function's app settings name the services that it uses. */
export interface Connections {
  /** Connection strings. */
  readonly storage: string;
  readonly eventHubs: string;
  readonly faceEndpoint: string;
}

/** What a Function may read. */
export interface ReadableHub {
  readonly name: string;
  readonly consumerGroups: readonly string[];
}

export interface PremisesParts {
  readonly kernel: KernelServices;
  readonly scenario: Scenario;
  readonly transport: Transport;
  readonly solution: SolutionParts;
  readonly connections: Connections;
  /** From the Function to blob storage. */
  readonly blobs: BlobClient;
  /** From within blob storage: no link. */
  readonly ownBlobs: BlobClient;
  readonly onBlobWritten: (
    listener: (written: Pick<BlobWritten, 'container' | 'name' | 'etag'>) => void,
  ) => () => void;
  readonly onWarning: (message: string) => void;
  /** The event hubs that are there; not given where they are not of this process. */
  readonly hubs?: readonly ReadableHub[];
  /** Hears what handlers write. */
  readonly onUserLog?: (line: LogLine) => void;
  /** Told when a handler is called, and when it has answered. */
  readonly onHandler?: (functionName: string, isRunning: boolean) => void;
}

export interface Premises {
  readonly host: FunctionsHost;
  readonly retention: RetentionSweep;
}

const RETENTION_SWEEP_MS = 15 * 60_000;
/** Partition key of the events: all of a store's go to one partition, in their order. */
const PARTITION_KEY = '{storeId}';

export async function openPremises(parts: PremisesParts): Promise<Premises> {
  const { kernel, scenario, transport, blobs } = parts;
  const settings = settingsOf(parts);
  const host = openFunctionsHost(kernel, {
    app: await appOf(parts, settings),
    settings,
    concurrency: scenario.document.capacity.functionConcurrency,
    plan: planOf(scenario),
    storage: () => triggerBlobs(blobs, parts.onBlobWritten),
    eventSender: (_connection, hub) => parts.solution.eventSender(transport.eventProducer(hub)),
    // What reads events runs where they are, in the cloud.
    eventSource: () => onlyFrom(parts, bySeconds(kernel, transport.eventSource())),
    checkpoints: blobCheckpoints(premisesBlobs(blobs), namespaceOf(parts.connections.eventHubs)),
    ...(parts.onHandler === undefined ? {} : { onHandler: parts.onHandler }),
    onLog(line) {
      const { category, functionName, level, message } = line;
      if (category === 'user') parts.onUserLog?.(line);
      if (level === 'error' || level === 'critical') parts.onWarning(`${functionName ?? 'host'}: ${message}`);
    },
  });
  const retention = startRetentionSweep(
    kernel.clock,
    parts.ownBlobs,
    {
      container: PICTURES_CONTAINER,
      keepMs: scenario.document.retention.pictures,
      everyMs: RETENTION_SWEEP_MS,
    },
    (error) => parts.onWarning(`retention: ${error instanceof Error ? error.message : String(error)}`),
  );
  return { host, retention };
}

/** The app settings of the Function, whoever wrote it. */
function settingsOf(parts: PremisesParts): Settings {
  const { storage, eventHubs, faceEndpoint } = parts.connections;
  return {
    AzureWebJobsStorage: storage,
    PICTURES_STORAGE: storage,
    FOOTFALL_EVENTS: eventHubs,
    FOOTFALL_EVENTS__partitionKey: PARTITION_KEY,
    VISITOR_SALT: saltOf(parts),
    STORE_TIME_ZONE: parts.scenario.timeZone,
    face_api_endpoint: faceEndpoint,
  };
}

function saltOf({ kernel, scenario }: PremisesParts): string {
  return kernel.rng(`visitor-salt/${scenario.storeId}`).uuid();
}

/** The user's app folder, or the solution's own Function with its parts reached through the world's transport. */
async function appOf(parts: PremisesParts, appSettings: Settings): Promise<FunctionApp> {
  const { kernel, scenario, solution, transport, blobs } = parts;
  const folder = scenario.functionsFolder;
  if (folder !== null) return loadFunctionApp(folder, appSettings);
  const hostJson = join(installFolder(), 'pipeline/analyze-faces/host.json');
  return loadFunctionModule(`analyze-faces ${scenario.storeId}`, hostJson, async () => {
    registerAnalyzeFaces(
      createAnalyzeFaces({
        faceApi: createFaceApi(transport.faceExchange(), { clock: kernel.clock }),
        pictures: {
          delete: solution.deletePicture(async (name) => {
            await blobs.delete(PICTURES_CONTAINER, name);
          }),
        },
        strategies: solution.strategies,
        settings: { visitorSalt: saltOf(parts), storeTimeZone: scenario.timeZone },
      }),
    );
  });
}

/** A function that reads what is not there reads nothing, and the report says so; the others go on, as in the service. */
function onlyFrom({ hubs, onWarning }: PremisesParts, source: EventSource): EventSource {
  return {
    subscribe(hub, consumerGroup, onEvents) {
      const missing = hubs === undefined ? null : missingIn(hubs, hub, consumerGroup);
      if (missing === null) return source.subscribe(hub, consumerGroup, onEvents);
      onWarning(`${missing}: the Function that reads it gets nothing`);
      return { close: async () => {} };
    },
  };
}

function missingIn(hubs: readonly ReadableHub[], name: string, group: string): string | null {
  const sameName = (other: string, one: string) => other.toLowerCase() === one.toLowerCase();
  const hub = hubs.find((each) => sameName(each.name, name));
  if (hub === undefined)
    return `there is no event hub '${name}', only ${hubs.map((each) => each.name).join(', ')}`;
  if (hub.consumerGroups.some((each) => sameName(each, group))) return null;
  return `event hub '${name}' has no consumer group '${group}', only ${hub.consumerGroups.join(', ')}`;
}

/** The host name in a connection string, by which checkpoints are filed. */
function namespaceOf(eventHubs: string): string {
  return /Endpoint=sb:\/\/([^;/:]+)/.exec(eventHubs)?.[1] ?? 'local';
}

function planOf({ document }: Scenario): Plan {
  const { functionInstances, functionPlan } = document.capacity;
  return functionPlan === 'dedicated'
    ? { kind: 'dedicated', instances: functionInstances }
    : consumptionPlan(functionInstances);
}

/** As the host sees the account: `get` answers null where there is no blob, `put` makes the container it needs. */
function premisesBlobs(blobs: BlobClient) {
  return {
    createContainer: (container: string) => blobs.createContainer(container),
    async put(container: string, name: string, body: Uint8Array, options?: PutBlobOptions) {
      try {
        return await blobs.put(container, name, body, options);
      } catch (error) {
        if (!isServiceCode(error, 'ContainerNotFound')) throw error;
        await blobs.createContainer(container);
        return blobs.put(container, name, body, options);
      }
    },
    async get(container: string, name: string) {
      try {
        return await blobs.get(container, name);
      } catch (error) {
        if (isServiceCode(error, 'BlobNotFound')) return null;
        throw error;
      }
    },
  };
}

function triggerBlobs(blobs: BlobClient, onBlobWritten: PremisesParts['onBlobWritten']): TriggerBlobs {
  const { get, put } = premisesBlobs(blobs);
  return {
    onBlobWritten: (listener) =>
      onBlobWritten(({ container, name, etag }) =>
        listener({
          container,
          name,
          etag,
          uri: `${BLOB_ENDPOINT}/${STORAGE_ACCOUNT.name}/${container}/${name}`,
        }),
      ),
    get,
    put,
  };
}

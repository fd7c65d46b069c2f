/** The stand-ins of one world, their cores without any protocol, and the links between the tiers. */

import { DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY } from '../../blob-storage/access/connection-string.js';
import type { AccountOptions } from '../../blob-storage/account/account.js';
import { BlobStorage } from '../../blob-storage/blob-storage.js';
import { namespaceConfiguration, type SharedAccessPolicy } from '../../event-hubs/core/configuration.js';
import { EventHubsCore, type NamespaceJournal } from '../../event-hubs/core/core.js';
import type { FaceApi, SubjectLookup } from '../../face-api/index.js';
import { IotHub } from '../../iot-hub/index.js';
import type { KernelServices } from '../../kernel/index.js';
import { type Link, openLink } from '../../network/index.js';
import { PowerBiCore } from '../../power-bi/index.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import type { LinkName } from '../../scenario/schema.js';
import type { FaceHooks } from '../replay/face-source.js';
import { openFaceService } from './face-service.js';

export interface WorldLinks extends Readonly<Record<LinkName, Link>> {}

export interface WorldServices {
  readonly links: WorldLinks;
  readonly storage: BlobStorage;
  readonly iotHub: IotHub;
  readonly faceApi: FaceApi;
  readonly eventHubs: EventHubsCore;
  readonly powerBi: PowerBiCore;
}

export const STORAGE_ACCOUNT = {
  name: DEVELOPMENT_ACCOUNT,
  keys: [DEVELOPMENT_KEY, DEVELOPMENT_KEY],
} as const;
export const PICTURES_CONTAINER = 'fromcamera';
export const MODELS_CONTAINER = 'models';
export const EVENT_HUB = 'footfall-events';
export const CONSUMER_GROUP = 'stream-analytics';
const HUB_HOST = 'footfall.azure-devices.net';
/** How long Power BI works on a push. */
const PUSH_SERVICE_MS = 40;

/** What `footfall up` and replays ask beyond a run. */
export interface ServiceOptions {
  readonly faceHooks?: FaceHooks;
  readonly hubHost?: string;
  /** Event hubs of the namespace beside the pipeline's. */
  readonly moreHubs?: readonly string[];
  /** Where blobs are kept; not given: in memory. */
  readonly blobFolder?: string;
  /** Where events are kept; not given: in memory. */
  readonly journal?: NamespaceJournal;
  /** The storage account; default: the development account. */
  readonly account?: AccountOptions;
  /** Of the Event Hubs namespace; default: the one that a namespace has from the start. */
  readonly policies?: readonly SharedAccessPolicy[];
}

export function openServices(
  kernel: KernelServices,
  scenario: Scenario,
  subjects: SubjectLookup,
  loyalty: readonly string[],
  options: ServiceOptions = {},
): WorldServices {
  const { capacity, links, retention } = scenario.document;
  const link = (name: LinkName): Link => {
    const { latency, bandwidth, loss } = links[name];
    return openLink(kernel, name, { latencyMs: latency, bitsPerSecond: bandwidth, lossShare: loss });
  };
  const storage = new BlobStorage(kernel, {
    accounts: [options.account ?? STORAGE_ACCOUNT],
    ...(options.blobFolder === undefined ? {} : { dataFolder: options.blobFolder }),
  });
  return {
    links: {
      lan: link('lan'),
      uplink: link('uplink'),
      premises: link('premises'),
      face: link('face'),
      cloud: link('cloud'),
    },
    storage,
    iotHub: new IotHub(
      { hostName: options.hubHost ?? HUB_HOST, size: { sku: capacity.hubSku, units: capacity.hubUnits } },
      kernel,
    ),
    faceApi: openFaceService(kernel, scenario, {
      subjects,
      loyalty,
      storage,
      hooks: options.faceHooks ?? {},
    }),
    eventHubs: new EventHubsCore(
      kernel,
      namespaceConfiguration({
        throughputUnits: capacity.throughputUnits,
        ...(options.policies === undefined ? {} : { policies: options.policies }),
        hubs: [
          {
            name: EVENT_HUB,
            partitionCount: capacity.partitions,
            consumerGroups: [CONSUMER_GROUP],
            retentionMs: retention.events,
          },
          ...(options.moreHubs ?? []).map((name) => ({ name, partitionCount: capacity.partitions })),
        ],
      }),
      options.journal ?? null,
    ),
    powerBi: new PowerBiCore(kernel, { pushServiceMs: PUSH_SERVICE_MS }),
  };
}

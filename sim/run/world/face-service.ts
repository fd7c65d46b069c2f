/** The Face API of a world, as its scenario wants it. */
import { readFileSync } from 'node:fs';
import { loadPersonas } from '../../../fixtures/face/library.js';
import type { BlobStorage } from '../../blob-storage/blob-storage.js';
import { openDirectBlobClient } from '../../blob-storage/client/direct-client.js';
import { checkContainerSettings } from '../../face-api/front/container-settings.js';
import {
  type Capacity,
  CONTAINER_CAPACITY,
  type FaceApi,
  openFaceApi,
  type PictureFetcher,
  type SubjectLookup,
} from '../../face-api/index.js';
import { parseFixture } from '../../face-api/recordings/fixture-file.js';
import type { KernelServices } from '../../kernel/index.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import type { FaceHooks } from '../replay/face-source.js';
import { parseBlobUrl } from '../transport/blob-url.js';

export interface FaceServiceOptions {
  readonly subjects: SubjectLookup;
  readonly hooks: FaceHooks;
  /** Regulars who agreed to be known again. */
  readonly loyalty: readonly string[];
  /** Where pictures are that requests name by their address. */
  readonly storage: BlobStorage;
}

/** Throws `ContainerStartError` when the container is not told what it needs. */
export function openFaceService(
  kernel: KernelServices,
  scenario: Scenario,
  { hooks, loyalty, storage, subjects }: FaceServiceOptions,
): FaceApi {
  const { container, era, latency, limitedAccess, matching } = scenario.document.face;
  checkContainerSettings(container);
  const file = scenario.faceFixtureFile;
  return openFaceApi(kernel, {
    persona: loadPersonas().find,
    subjects,
    era,
    limitedAccessApproved: limitedAccess,
    recordings: file === null ? [] : parseFixture(readFileSync(file, 'utf8')).recordings,
    matching,
    latency,
    ...hooks,
    fetchPicture: pictureFetcher(storage),
    enrolled: loyaltyLists(scenario.storeId, loyalty),
    capacity: capacityOf(scenario),
  });
}

/** A service call about faces already found is cheaper than one with a picture. */
const OTHER_SERVICE_SHARE = 0.2;
const LEAST_SERVICE_SHARE = 0.6;

function capacityOf({ document }: Scenario): Capacity {
  const { faceReplicas, faceServiceTime: meanMs } = document.capacity;
  return {
    ...CONTAINER_CAPACITY,
    replicas: faceReplicas,
    pictureService: { leastMs: Math.round(meanMs * LEAST_SERVICE_SHARE), meanMs },
    otherService: {
      leastMs: Math.round(meanMs * OTHER_SERVICE_SHARE * LEAST_SERVICE_SHARE),
      meanMs: Math.round(meanMs * OTHER_SERVICE_SHARE),
    },
  };
}

const MOST_FACES_IN_A_LIST = 1_000;

/** The loyalty lists as earlier days left them. */
function loyaltyLists(storeId: string, identities: readonly string[]) {
  const lists = Math.ceil(identities.length / MOST_FACES_IN_A_LIST);
  return Array.from({ length: lists }, (_, index) => ({
    faceListId: `${storeId}-loyalty-${index + 1}`,
    identities: identities.slice(index * MOST_FACES_IN_A_LIST, (index + 1) * MOST_FACES_IN_A_LIST),
  }));
}

/**
 * Blobs of the world's own storage, with the signature in their address. Nothing else is there: the Face API of a
 * world does not reach the network.
 */
function pictureFetcher(storage: BlobStorage): PictureFetcher {
  return async ({ href }) => {
    try {
      const { connection, container, name } = parseBlobUrl(href);
      return (await openDirectBlobClient(storage, connection, undefined).get(container, name)).body;
    } catch {
      return null;
    }
  };
}

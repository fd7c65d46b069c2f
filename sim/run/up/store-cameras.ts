/** The simulated cameras of a store in real time: Dev Kits that see the shoppers who walk there now. */
import { join } from 'node:path';
import { loadPersonas } from '../../../fixtures/face/library.js';
import { readErrorModel } from '../../camera/error-model-file.js';
import type { LiveCamera } from '../../camera/live/live-camera.js';
import type { SubjectLookup } from '../../face-api/index.js';
import { SOUND_PARTS } from '../../faults/solution-parts.js';
import type { KernelServices } from '../../kernel/services.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import { LiveSight } from '../sight/live-sight.js';
import { TruthSight } from '../sight/truth-sight.js';
import { Witness } from '../sight/witness.js';
import { installFolder } from '../tool-version.js';
import type { Transport } from '../transport/transport.js';
import { Attribution } from '../truth/attribution.js';
import {
  type Camera,
  type CameraParts,
  camerasElsewhere,
  configurationsOf,
  installCameras,
} from '../world/cameras.js';
import { windowEndOf } from '../world/collector.js';
import { faceOf, readingsOf } from '../world/faces.js';
import type { PublishedModel } from '../world/models.js';
import type { WorldServices } from '../world/services-of-a-world.js';
import { StoreInWorld } from '../world/store-in-world.js';
import type { RealHub } from './at/real-hub.js';

/** How long the truth about a picture is kept for the Face stand-in and the attribution. */
const REMEMBER_MS = 120_000;

export interface WitnessedStore {
  readonly subjects: SubjectLookup;
  readonly witness: Witness;
  readonly store: StoreInWorld;
  close(): Promise<void>;
}

/** The store's shoppers, and the faces that the Face stand-in may know of. */
export function openWitnessedStore(services: KernelServices, scenario: Scenario): WitnessedStore {
  const attribution = new Attribution(() => {});
  const store = new StoreInWorld(scenario, { foresee: false, onWindow: () => {} });
  const sections = new Map(scenario.plan.cameras.map(({ id, section }) => [id, section]));
  const personas = loadPersonas();
  const witness = new Witness({
    attribution,
    sectionOf: (cameraId) => sections.get(cameraId) ?? '',
    windowEndMs: windowEndOf,
    faceOf: faceOf(store, personas.personas, services.rng),
    readingOf: readingsOf(personas),
  });
  let sweep = services.clock.after(REMEMBER_MS, forget);
  function forget(): void {
    attribution.closeUntil(services.clock.now() - REMEMBER_MS);
    sweep = services.clock.after(REMEMBER_MS, forget);
  }
  return {
    subjects: witness.subjects,
    witness,
    store,
    async close() {
      sweep.cancel();
      await store.close();
    },
  };
}

export interface StoreCameraParts {
  readonly services: KernelServices;
  readonly scenario: Scenario;
  readonly world: WorldServices;
  readonly transport: Transport;
  readonly witnessed: WitnessedStore;
  readonly model: PublishedModel;
  readonly pictureContainerUrl: string;
  /** Real streams, by the camera of the store in whose place they look. */
  readonly live: ReadonlyMap<string, LiveCamera>;
  /** The hub that the cameras belong to; null: the stand-in. */
  readonly hub: RealHub | null;
  readonly warn: (message: string) => void;
}

/**
 * Registers and configures all cameras of the store; their Dev Kits are still off. Rejects with `RealHubError` when the
 * hub is a real one and refuses.
 */
export async function openStoreCameras(parts: StoreCameraParts): Promise<readonly Camera[]> {
  const { hub } = parts;
  const cameras = cameraParts(parts);
  if (hub === null) return installCameras(cameras);
  for (const configuration of configurationsOf(cameras)) await hub.configure(configuration);
  return camerasElsewhere(cameras, (deviceId, module) => hub.moduleConnectionString(deviceId, module));
}

function cameraParts(parts: StoreCameraParts): CameraParts {
  const { scenario, services, transport, warn, witnessed, world } = parts;
  const { store, witness } = witnessed;
  const errorModel = readErrorModel();
  return {
    kernel: services,
    scenario,
    services: world,
    transport,
    solution: SOUND_PARTS,
    manifestFile: scenario.manifestFile ?? join(installFolder(), 'pipeline/deployment/deployment.json'),
    model: parts.model,
    pictureContainerUrl: parts.pictureContainerUrl,
    sightOf: (camera) => {
      const live = parts.live.get(camera.id);
      if (live === undefined)
        return new TruthSight({
          kernel: services,
          store,
          plan: scenario.plan,
          camera,
          witness,
          model: errorModel,
        });
      const tell = (message: string) => warn(`${camera.id}: ${message}`);
      return new LiveSight({ clock: services.clock, live, camera, witness, warn: tell });
    },
    observerOf: ({ id }) => ({
      onCaptured: ({ metadata, jpeg }, takenAtMs) => witness.captured(metadata, jpeg, takenAtMs),
      onUploaded: () => {},
      onReported: () => {},
      onPictureLost: ({ name }, reason) => warn(`${id}: the picture ${name} is lost: ${reason}`),
      onMessageLost: (message, reason) => warn(`${id}: the message ${message.id} is lost: ${reason}`),
      onEdgeMessageLost: (message, reason) =>
        warn(`${id}: the message ${message.messageId} is lost: ${reason}`),
      onModelInstalled: () => {},
      onDisconnected: (identity, error) => warn(`${id}: ${identity}: ${error.message}`),
      onUnrouted: (module) => warn(`${id}: no route leads messages of the module '${module}' anywhere`),
      onWarning: (message) => warn(`${id}: ${message}`),
    }),
    lazyLooks: false,
  };
}

/** The cameras of a world: Dev Kits that know nothing but a connection string, and the eyes they are given. */
import { readFileSync } from 'node:fs';
import type { Properties } from '../../../pipeline/camera-module/hub-connection.js';
import { DEFAULT_RETRY } from '../../../pipeline/camera-module/retry-schedule.js';
import { fillDeployment } from '../../../pipeline/deployment/deployment-template.js';
import { DevKit, type DevKitObserver, type Sight } from '../../devkit/index.js';
import type { SolutionParts } from '../../faults/solution-parts.js';
import { moduleConnectionString } from '../../iot-hub/identities/identity-service.js';
import { applyDeployment } from '../../iot-hub/index.js';
import type { KernelServices } from '../../kernel/index.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import type { CameraMount } from '../../store/plan/floor-plan.js';
import type { Transport } from '../transport/transport.js';
import type { PublishedModel } from './models.js';
import type { WorldServices } from './services-of-a-world.js';

export interface CameraParts {
  readonly kernel: KernelServices;
  readonly scenario: Scenario;
  readonly services: WorldServices;
  readonly transport: Transport;
  readonly solution: SolutionParts;
  /** The manifest's file. */
  readonly manifestFile: string;
  readonly model: PublishedModel;
  /** The picture container's URL, with a signature that may create and nothing else. */
  readonly pictureContainerUrl: string;
  readonly sightOf: (camera: CameraMount) => Sight;
  readonly observerOf: (camera: CameraMount) => DevKitObserver;
  readonly lazyLooks: boolean;
}

export interface Camera {
  readonly mount: CameraMount;
  readonly kit: DevKit;
}

/** Time that the Dev Kit's model takes for a frame: its target is 10 frames a second. */
const INFERENCE_MS = 100;
/** How soon a Dev Kit that is to look every `wantedMs` can look again: the model must be ready for the next frame. */
export function shortestLookInterval(wantedMs: number): number {
  return Math.max(wantedMs, INFERENCE_MS + 1);
}

const MODULE_IMAGE = 'footfall/camera-module:1.0';
const MS_PER_SECOND = 1_000;
const DEVICE_DISK_BYTES = 8 * 1024 ** 3;

/** Registers a device for every camera, deploys the manifest to it, and puts a Dev Kit there, still off. */
export function installCameras(parts: CameraParts): readonly Camera[] {
  const template = readFileSync(parts.manifestFile, 'utf8');
  return parts.scenario.plan.cameras.map((mount) => {
    const { iotHub } = parts.services;
    iotHub.registry.ensure(mount.id);
    applyDeployment(
      iotHub,
      mount.id,
      fillDeployment(template, {
        CAMERA_MODULE_IMAGE: MODULE_IMAGE,
        STORE_ID: parts.scenario.storeId,
        CAMERA_ID: mount.id,
        CAMERA_SECTION: mount.section,
        PICTURE_CONTAINER_SAS_URL: parts.pictureContainerUrl,
        MODEL_ZIP_URL: parts.model.url,
      }),
    );
    for (const module of modulesOf(template))
      iotHub.twins.patchDesired(`${mount.id}/${module}`, settingsOf(parts));
    return { mount, kit: devKitOf(parts, mount) };
  });
}

/** The modules that have a twin in the manifest, apart from the agent and the hub. */
function modulesOf(template: string): readonly string[] {
  const { modulesContent } = JSON.parse(template) as {
    readonly modulesContent: Readonly<Record<string, unknown>>;
  };
  return Object.keys(modulesContent).filter((name) => !name.startsWith('$'));
}

/** The scenario's settings, as an operator would make them in the module's twin. */
function settingsOf({ scenario, model }: CameraParts): Properties {
  const { messageDelay, lookInterval } = scenario.document.solution;
  return {
    TimeBetweenMessagesInSeconds: messageDelay / MS_PER_SECOND,
    InferenceIntervalMs: lookInterval,
    ModelZipSha256: model.sha256,
  };
}

function devKitOf(parts: CameraParts, mount: CameraMount): DevKit {
  const { kernel, services, solution, transport, scenario } = parts;
  const { devicePictures, deviceFull } = scenario.document.capacity;
  const limits = {
    maxItems: devicePictures,
    maxBytes: DEVICE_DISK_BYTES,
    overflow: deviceFull,
    timeToLiveMs: null,
  } as const;
  return new DevKit({
    name: mount.id,
    services: kernel,
    moduleConnectionString: (module) =>
      moduleConnectionString(
        services.iotHub,
        services.links.uplink,
        services.iotHub.connectionString(mount.id),
        module,
      ),
    connect: (text, deviceTimeMs) => solution.hubConnection(transport.hubConnection(text, deviceTimeMs)),
    download: transport.download,
    sight: parts.sightOf(mount),
    cameraModule: solution.cameraModule,
    pictureStore: (url, unanswered) => solution.pictureStore(transport.pictureStore(url, unanswered)),
    observer: parts.observerOf(mount),
    retry: DEFAULT_RETRY,
    pictureLimits: limits,
    messageLimits: limits,
    inferenceMs: INFERENCE_MS,
    lazyLooks: parts.lazyLooks,
  });
}

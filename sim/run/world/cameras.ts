/** The cameras of a world: Dev Kits that know nothing but a connection string, and the eyes they are given. */
import { readFileSync } from 'node:fs';
import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
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

/** What a camera's configuration is made of. */
export interface ConfigurationParts {
  readonly scenario: Scenario;
  /** The manifest's file. */
  readonly manifestFile: string;
  readonly model: PublishedModel;
  /** The picture container's URL, with a signature that may create and nothing else. */
  readonly pictureContainerUrl: string;
}

export interface CameraParts extends ConfigurationParts {
  readonly kernel: KernelServices;
  readonly services: WorldServices;
  readonly transport: Transport;
  readonly solution: SolutionParts;
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

/** What an operator does for a camera at its hub. */
export interface CameraConfiguration {
  readonly mount: CameraMount;
  readonly deviceId: string;
  readonly manifest: Json;
  /** Those that have a twin in the manifest, apart from the agent and the hub. */
  readonly modules: readonly string[];
  /** Desired properties of each of them. */
  readonly settings: Properties;
}

/** Gives a module of a device what it connects with. */
export type ModuleIdentities = (deviceId: string, module: string) => Promise<string>;

/** Registers a device for every camera, deploys the manifest to it, and puts a Dev Kit there, still off. */
export function installCameras(parts: CameraParts): readonly Camera[] {
  const { iotHub, links } = parts.services;
  const identities: ModuleIdentities = (deviceId, module) =>
    moduleConnectionString(iotHub, links.uplink, iotHub.connectionString(deviceId), module);
  return configurationsOf(parts).map(({ deviceId, manifest, modules, mount, settings }) => {
    iotHub.registry.ensure(deviceId);
    applyDeployment(iotHub, deviceId, manifest);
    for (const module of modules) iotHub.twins.patchDesired(`${deviceId}/${module}`, settings);
    return { mount, kit: devKitOf(parts, mount, identities) };
  });
}

/** The same for a hub elsewhere, which has been told of the cameras' configurations. */
export function camerasElsewhere(parts: CameraParts, identities: ModuleIdentities): readonly Camera[] {
  return parts.scenario.plan.cameras.map((mount) => ({ mount, kit: devKitOf(parts, mount, identities) }));
}

/** What is to be told to the hub of every camera. */
export function configurationsOf(parts: ConfigurationParts): readonly CameraConfiguration[] {
  const template = readFileSync(parts.manifestFile, 'utf8');
  const modules = modulesOf(template);
  return parts.scenario.plan.cameras.map((mount) => ({
    mount,
    deviceId: mount.id,
    manifest: fillDeployment(template, {
      CAMERA_MODULE_IMAGE: MODULE_IMAGE,
      STORE_ID: parts.scenario.storeId,
      CAMERA_ID: mount.id,
      CAMERA_SECTION: mount.section,
      PICTURE_CONTAINER_SAS_URL: parts.pictureContainerUrl,
      MODEL_ZIP_URL: parts.model.url,
    }),
    modules,
    settings: settingsOf(parts),
  }));
}

/** The modules that have a twin in the manifest, apart from the agent and the hub. */
function modulesOf(template: string): readonly string[] {
  const { modulesContent } = JSON.parse(template) as {
    readonly modulesContent: Readonly<Record<string, unknown>>;
  };
  return Object.keys(modulesContent).filter((name) => !name.startsWith('$'));
}

/** The scenario's settings, as an operator would make them in the module's twin. */
function settingsOf({ scenario, model }: ConfigurationParts): Properties {
  const { messageDelay, lookInterval } = scenario.document.solution;
  return {
    TimeBetweenMessagesInSeconds: messageDelay / MS_PER_SECOND,
    InferenceIntervalMs: lookInterval,
    ModelZipSha256: model.sha256,
  };
}

function devKitOf(parts: CameraParts, mount: CameraMount, identities: ModuleIdentities): DevKit {
  const { kernel, solution, transport, scenario } = parts;
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
    moduleConnectionString: (module) => identities(mount.id, module),
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

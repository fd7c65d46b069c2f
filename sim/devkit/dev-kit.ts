/**
 * A Vision AI Dev Kit: it starts with nothing but a connection string, gets its deployment from IoT Hub, installs the
 * model the deployment names, and sees.
 *
 * The IoT Edge agent, the IoT Edge hub and the camera's module each have an identity and a connection of their own,
 * as an edge device that reaches its hub over MQTT has.
 */
import type {
  CameraModuleFigures,
  CameraModuleObserver,
} from '../../pipeline/camera-module/camera-module.js';
import {
  type HubConnection,
  HubError,
  type OutgoingMessage,
  type Properties,
} from '../../pipeline/camera-module/hub-connection.js';
import type { PictureStore } from '../../pipeline/camera-module/picture-store.js';
import { type Retry, type RetrySchedule, retryBy } from '../../pipeline/camera-module/retry-schedule.js';
import type { StoreLimits } from '../../pipeline/camera-module/store-and-forward.js';
import { TwinConnection } from '../../pipeline/camera-module/twin-connection.js';
import type { KernelServices } from '../kernel/services.js';
import { CameraProgram } from './camera-program.js';
import { EdgeAgent } from './edge-agent.js';
import { EdgeHub } from './edge-hub.js';
import { LatestOnly } from './latest-only.js';
import type { ModuleSpecification } from './manifest.js';
import type { InstalledModel } from './model-installer.js';
import type { Sight } from './sight.js';

export interface DevKitObserver extends CameraModuleObserver {
  onModelInstalled(model: InstalledModel): void;
  /** `identity`: `$edgeAgent`, `$edgeHub` or a module. */
  onDisconnected(identity: string, error: HubError): void;
  /** No route leads this message anywhere. */
  onUnrouted(module: string, message: OutgoingMessage): void;
  /** Something of the deployment that does not apply, for a person. */
  onWarning(message: string): void;
}

export interface DevKitOptions {
  /** The device's id, e.g. `camera-3`. */
  readonly name: string;
  readonly services: KernelServices;
  /** What the identity service gets for the device's connection string: a module's own. Rejects while it cannot. */
  readonly moduleConnectionString: (module: string) => Promise<string>;
  /** Makes an unopened connection. */
  readonly connect: (connectionString: string) => HubConnection;
  readonly download: (url: string) => Promise<Uint8Array>;
  readonly sight: Sight;
  /** For the container that the deployment names. */
  readonly pictureStore: (containerSasUrl: string) => PictureStore;
  readonly observer: DevKitObserver;
  readonly retry: RetrySchedule;
  readonly pictureLimits: StoreLimits;
  readonly messageLimits: Omit<StoreLimits, 'timeToLiveMs'>;
  /** Time that the model takes for a frame. */
  readonly inferenceMs: number;
  /** Leaves out the looks that could not lead to a picture, because the message delay has not passed. */
  readonly lazyLooks: boolean;
}

export interface DevKitFigures {
  readonly looks: number;
  readonly unrouted: number;
  /** Null until the camera's module runs. */
  readonly module: CameraModuleFigures | null;
}

const AGENT = '$edgeAgent';
const HUB = '$edgeHub';

export class DevKit {
  private readonly options: DevKitOptions;
  private readonly edgeHub: EdgeHub;
  private readonly edgeAgent: EdgeAgent;
  private readonly deployments: LatestOnly<Properties>;
  private readonly hubSettings: LatestOnly<Properties>;
  /** Of the agent and the hub, by identity. */
  private readonly connections = new Map<string, TwinConnection>();
  private program: { readonly specification: ModuleSpecification; readonly camera: CameraProgram } | null =
    null;
  private isOn = false;

  constructor(options: DevKitOptions) {
    this.options = options;
    this.edgeHub = new EdgeHub(
      (_module, message) => this.sendUpstream(message),
      (module, message) => options.observer.onUnrouted(module, message),
    );
    this.edgeAgent = new EdgeAgent({
      apply: (modules) => this.run(modules),
      report: (patch) => this.reportAs(AGENT, patch),
    });
    this.deployments = new LatestOnly((desired) => this.edgeAgent.configure(desired));
    this.hubSettings = new LatestOnly((desired) => this.configureHub(desired));
  }

  powerOn(): void {
    if (this.isOn) return;
    this.isOn = true;
    for (const connection of this.connections.values()) connection.start();
    this.program?.camera.start();
    if (!this.connections.has(AGENT)) void this.connectAs(AGENT, (desired) => this.deployments.put(desired));
  }

  /** Ends all that the device does; what its stores hold is there at the next `powerOn`. */
  async powerOff(): Promise<void> {
    this.isOn = false;
    const connections = [...this.connections.values()];
    await Promise.all([this.program?.camera.stop(), ...connections.map((connection) => connection.stop())]);
  }

  figures(): DevKitFigures {
    return {
      looks: this.program?.camera.looks ?? 0,
      unrouted: this.edgeHub.unrouted,
      module: this.program?.camera.figures() ?? null,
    };
  }

  /** Makes what runs the same as `modules`. The device has one camera: the first module gets it. */
  private async run(modules: readonly ModuleSpecification[]): Promise<void> {
    if (!this.connections.has(HUB)) await this.connectAs(HUB, (desired) => this.hubSettings.put(desired));
    const specification = modules.find(({ status }) => status === 'running') ?? null;
    if (JSON.stringify(specification) === JSON.stringify(this.program?.specification ?? null)) return;
    await this.program?.camera.stop();
    this.program = null;
    if (specification === null) return;
    const connectionString = await this.connectionStringOf(specification.name);
    const { environment } = specification;
    const camera = new CameraProgram({
      kit: this.options,
      moduleName: specification.name,
      connectionString,
      place: {
        storeId: environment.STORE_ID ?? 'store',
        cameraId: environment.CAMERA_ID ?? this.options.name,
        section: environment.CAMERA_SECTION ?? 'all',
      },
      pictures: this.options.pictureStore(environment.PICTURE_CONTAINER_SAS_URL ?? ''),
      edgeHub: this.edgeHub,
    });
    this.program = { specification, camera };
    if (this.isOn) camera.start();
  }

  private async configureHub(desired: Properties): Promise<void> {
    if (Object.keys(desired).length <= 1) return;
    const { code, description } = this.edgeHub.configure(desired);
    this.warnOfIdleRoutes();
    await this.reportAs(HUB, {
      lastDesiredVersion: Number(desired.$version),
      lastDesiredStatus: { code, description },
    });
  }

  private warnOfIdleRoutes(): void {
    const modules = this.edgeAgent.manifest?.modules.map(({ name }) => name) ?? [];
    for (const { name, module } of this.edgeHub.routesWithoutModule(modules)) {
      this.options.observer.onWarning(
        `the route '${name}' starts at the module '${module}', which the deployment does not run; it runs ${modules.join(', ') || 'none'}`,
      );
    }
  }

  private async sendUpstream(message: OutgoingMessage): Promise<void> {
    if (this.program === null) throw new HubError('FF_HUB_DISCONNECTED', 'the module does not run');
    await this.program.camera.upstream.send(message);
  }

  private async reportAs(identity: string, patch: Properties): Promise<void> {
    await this.connections
      .get(identity)
      ?.report(patch)
      .catch((error: Error) => this.options.observer.onWarning(`report of ${identity}: ${error.message}`));
  }

  private async connectAs(identity: string, onDesired: (desired: Properties) => void): Promise<void> {
    const connectionString = await this.connectionStringOf(identity);
    const connection = new TwinConnection({
      connect: () => this.options.connect(connectionString),
      clock: this.options.services.clock,
      retry: this.retryOf(identity),
      onDesired,
      onFailed: (error) => this.options.observer.onDisconnected(identity, error),
    });
    this.connections.set(identity, connection);
    if (this.isOn) connection.start();
  }

  private retryOf(what: string): Retry {
    const { name, retry, services } = this.options;
    const jitter = services.rng(`camera/${name}/retry/${what}`);
    return retryBy(retry, () => jitter.next());
  }

  /** However long it takes: without it the device can do nothing. */
  private async connectionStringOf(module: string): Promise<string> {
    const { moduleConnectionString, services } = this.options;
    const retry = this.retryOf(`${module}/identity`);
    for (;;) {
      try {
        return await moduleConnectionString(module);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.options.observer.onWarning(`identity of ${module}: ${reason}`);
        await services.clock.sleep(retry.nextDelayMs());
      }
    }
  }
}

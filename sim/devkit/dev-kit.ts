/**
 * A Vision AI Dev Kit: it starts with nothing but a connection string, gets its deployment from IoT Hub, installs the
 * model the deployment names, and sees. When it loses its power it keeps what is on its disk and nothing else.
 */
import type {
  CameraModule,
  CameraModuleFigures,
  CameraModuleObserver,
  CameraModuleOptions,
} from '../../pipeline/camera-module/camera-module.js';
import type {
  HubConnection,
  HubError,
  OutgoingMessage,
} from '../../pipeline/camera-module/hub-connection.js';
import type { Picture, PictureStore } from '../../pipeline/camera-module/picture-store.js';
import type { RetrySchedule } from '../../pipeline/camera-module/retry-schedule.js';
import type { Shelf } from '../../pipeline/camera-module/shelf.js';
import type {
  LossReason,
  StoreFigures,
  StoreLimits,
} from '../../pipeline/camera-module/store-and-forward.js';
import type { KernelServices, Timer } from '../kernel/services.js';
import { CameraHardware } from './camera/camera-hardware.js';
import type { CameraProgramFigures } from './camera/camera-program.js';
import type { InstalledModel } from './camera/model-installer.js';
import type { Sight } from './camera/sight.js';
import { type ClockError, DeviceClock } from './device-clock.js';
import { type DeviceDisk, emptyDisk } from './device-disk.js';
import type { ModuleSpecification } from './edge-agent/manifest.js';
import type { ModuleProgram } from './edge-agent/module-program.js';
import { type EdgeHubFigures, edgeHubFigures } from './edge-hub/edge-hub.js';
import { EdgeRuntime } from './edge-runtime.js';

export interface DevKitObserver extends Omit<CameraModuleObserver, 'onCaptured'> {
  /** `takenAtMs` is the true time, `deviceTimeMs` what the device took it to be, which the picture should say. */
  onCaptured(picture: Picture, takenAtMs: number, deviceTimeMs: number): void;
  onModelInstalled(model: InstalledModel): void;
  /** `identity`: `$edgeAgent`, `$edgeHub` or a module. */
  onDisconnected(identity: string, error: HubError): void;
  /** The edge hub had taken the message over, and could not deliver it. */
  onEdgeMessageLost(message: OutgoingMessage, reason: LossReason): void;
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
  /** Makes an unopened connection; its tokens are dated by `deviceTimeMs`. */
  readonly connect: (connectionString: string, deviceTimeMs: () => number) => HubConnection;
  readonly download: (url: string) => Promise<Uint8Array>;
  readonly sight: Sight;
  /** The program in the camera's module. */
  readonly cameraModule: (options: CameraModuleOptions) => CameraModule;
  /** For the container that the deployment names; `unanswered` are the uploads that may have been done. */
  readonly pictureStore: (containerSasUrl: string, unanswered: Set<string>) => PictureStore;
  readonly observer: DevKitObserver;
  readonly retry: RetrySchedule;
  readonly pictureLimits: StoreLimits;
  readonly messageLimits: Omit<StoreLimits, 'timeToLiveMs'>;
  /** Time that the model takes for a frame. */
  readonly inferenceMs: number;
  /** Leaves out the looks that could not lead to a picture, because the message delay has not passed. */
  readonly lazyLooks: boolean;
  /**
   * Programs of modules beside the camera's; `send` gives a message to the edge hub. A module that has none runs and
   * does nothing.
   */
  readonly programs?: (
    module: ModuleSpecification,
    send: (message: OutgoingMessage) => Promise<void>,
  ) => ModuleProgram | undefined;
}

export interface DevKitFigures {
  readonly looks: number;
  readonly edgeHub: EdgeHubFigures;
  /** Null until the camera's module has run. */
  readonly module: CameraModuleFigures | null;
}

export class DevKit {
  readonly hardware: CameraHardware;
  private readonly options: DevKitOptions;
  private readonly disk: DeviceDisk = emptyDisk();
  private readonly deviceClock: DeviceClock;
  /** Of the runs of the camera's module that have ended. */
  private readonly past: CameraProgramFigures[] = [];
  private runtime: EdgeRuntime | null = null;
  private crashing = false;
  private battery: Timer | null = null;
  private readonly powerOffListeners: (() => void)[] = [];

  constructor(options: DevKitOptions) {
    this.options = options;
    this.deviceClock = new DeviceClock(options.services.clock);
    this.hardware = new CameraHardware(() => this.runtime?.cameraProgram?.look());
  }

  /** What it takes the time to be. */
  get deviceTimeMs(): number {
    return this.deviceClock.now();
  }

  get isOn(): boolean {
    return this.runtime !== null;
  }

  powerOn(): void {
    this.battery?.cancel();
    this.battery = null;
    if (this.runtime !== null) return;
    const { deviceClock, disk, hardware, options: kit, past } = this;
    this.runtime = new EdgeRuntime({
      kit,
      disk,
      deviceClock,
      hardware,
      isCrashing: () => this.crashing,
      onProgramEnded: (figures) => past.push(figures),
    });
    void this.runtime.start();
  }

  onPowerOff(listener: () => void): void {
    this.powerOffListeners.push(listener);
  }

  /** It goes on by its battery for `batteryMs`, unless `powerOn` comes first. */
  async loseMains(batteryMs: number): Promise<void> {
    if (batteryMs === 0) return this.powerOff();
    this.battery?.cancel();
    this.battery = this.options.services.clock.after(batteryMs, () => void this.powerOff());
  }

  /** Everything ends that is not on its disk; that is there at the next `powerOn`. */
  async powerOff(): Promise<void> {
    const { runtime } = this;
    this.runtime = null;
    if (runtime === null) return;
    this.hardware.reset();
    for (const listener of this.powerOffListeners) listener();
    await runtime.stop();
  }

  /** While it is so, the camera's module ends as soon as it starts. */
  setCrashing(crashing: boolean): void {
    this.crashing = crashing;
    if (crashing) this.runtime?.crashCamera();
  }

  /** Null: right again. */
  setClock(error: ClockError | null): void {
    if (error === null) this.deviceClock.setRight();
    else this.deviceClock.goWrong(error);
  }

  figures(): DevKitFigures {
    const program = this.runtime?.cameraProgram;
    const runs = program ? [...this.past, program.figures()] : this.past;
    const total = (figure: keyof CameraProgramFigures) => runs.reduce((sum, run) => sum + run[figure], 0);
    const { camera, hub } = this.disk;
    return {
      looks: total('looks'),
      edgeHub: edgeHubFigures(hub),
      module:
        runs.length === 0
          ? null
          : {
              heard: total('heard'),
              tooSoon: total('tooSoon'),
              captured: camera.picturesTaken,
              pictures: shelfFigures(camera.pictures),
              messages: shelfFigures(camera.messages),
            },
    };
  }
}

function shelfFigures({ bytes, counts, length }: Shelf<unknown>): StoreFigures {
  return { ...counts, queued: length, queuedBytes: bytes };
}

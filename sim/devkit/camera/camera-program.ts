/**
 * What runs in the camera's module container: the solution's camera module, and beside it what the Dev Kit's own
 * software does for it: settings from the twin, the model installed, frames looked at.
 */
import type { CameraModule, CameraPlace } from '../../../pipeline/camera-module/camera-module.js';
import {
  type CameraSettings,
  DEFAULT_SETTINGS,
  readCameraSettings,
  SUPPORTED,
} from '../../../pipeline/camera-module/camera-settings.js';
import type { Json, MethodAnswer, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import type { PictureStore } from '../../../pipeline/camera-module/picture-store.js';
import { type Retry, retryBy } from '../../../pipeline/camera-module/retry-schedule.js';
import type { TwinConnection } from '../../../pipeline/camera-module/twin-connection.js';
import type { Timer } from '../../kernel/services.js';
import type { DevKitOptions } from '../dev-kit.js';
import type { DeviceClock } from '../device-clock.js';
import type { DeviceDisk } from '../device-disk.js';
import type { ModuleProgram } from '../edge-agent/module-program.js';
import type { EdgeHub } from '../edge-hub/edge-hub.js';
import { LatestOnly } from '../latest-only.js';
import type { CameraHardware } from './camera-hardware.js';
import { framePhase, InferenceLoop } from './inference-loop.js';
import { ModelInstaller } from './model-installer.js';
import type { Look } from './sight.js';

export interface CameraProgramOptions {
  readonly kit: DevKitOptions;
  readonly disk: DeviceDisk;
  readonly deviceClock: DeviceClock;
  readonly hardware: CameraHardware;
  readonly moduleName: string;
  readonly place: CameraPlace;
  readonly pictures: PictureStore;
  /** The module's own presence at IoT Hub; this program opens and closes it. */
  readonly twin: TwinConnection;
  readonly edgeHub: EdgeHub;
}

export interface CameraProgramFigures {
  readonly looks: number;
  readonly heard: number;
  readonly tooSoon: number;
}

interface RefusedModel {
  readonly url: string;
  readonly sha256: string | null;
  readonly reason: string;
}

const MS_PER_SECOND = 1000;
/** Properties that are not there go without saying, as long as they were never reported. */
const ABSENT: readonly (readonly [string, string])[] = [
  ['ModelError', 'null'],
  ['RtspVideoUrl', 'null'],
  ['RtspDataUrl', 'null'],
];

export class CameraProgram implements ModuleProgram {
  private readonly options: CameraProgramOptions;
  private readonly module: CameraModule;
  private readonly installer: ModelInstaller;
  private readonly loop: InferenceLoop;
  private readonly changes: LatestOnly<Properties>;
  /** As JSON, by name. */
  private readonly reported: Map<string, string>;
  private readonly downloadRetry: Retry;
  private settings: CameraSettings = DEFAULT_SETTINGS;
  /** Fetched and found useless: not to be fetched again until another is named, or another SHA-256 for it. */
  private refused: RefusedModel | null = null;
  private switchedOn = true;
  private stopped = false;
  private retry: Timer | null = null;
  /** The true time of the look that the module hears now. */
  private heardAtMs = 0;

  constructor(options: CameraProgramOptions) {
    const { disk, edgeHub, kit, moduleName, place } = options;
    const { observer, services } = kit;
    const retry = (what: string) => {
      const jitter = services.rng(`camera/${kit.name}/retry/${what}`);
      return retryBy(kit.retry, () => jitter.next());
    };
    this.options = options;
    this.reported = new Map(disk.twins.has(moduleName) ? [] : ABSENT);
    this.downloadRetry = retry('model');
    this.changes = new LatestOnly((desired) => this.apply(desired));
    this.module = kit.cameraModule({
      place,
      clock: services.clock,
      disk: disk.camera,
      pictures: options.pictures,
      pictureLimits: kit.pictureLimits,
      pictureRetry: retry('pictures'),
      sendMessage: (message) => edgeHub.send(moduleName, message),
      messageLimits: { ...kit.messageLimits, timeToLiveMs: null },
      messageRetry: retry('edge-hub'),
      observer: {
        ...observer,
        onCaptured: (picture) =>
          observer.onCaptured(picture, this.heardAtMs, options.deviceClock.at(this.heardAtMs)),
      },
    });
    this.installer = new ModelInstaller({ sight: kit.sight, download: kit.download, disk });
    this.loop = new InferenceLoop({
      clock: services.clock,
      look: () => kit.sight.look(),
      hear: (look) => this.hear(look),
      phase: framePhase(services.rng, kit.name),
      inferenceMs: kit.inferenceMs,
      ...(kit.lazyLooks ? { nextUsefulLookMs: () => this.module.nextCaptureMs } : {}),
    });
  }

  figures(): CameraProgramFigures {
    const { heard, tooSoon } = this.module.figures();
    return { looks: this.loop.looks, heard, tooSoon };
  }

  start(): void {
    void this.begin();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.retry?.cancel();
    this.loop.setInterval(null);
    this.module.stop();
    await this.options.twin.stop();
  }

  /** The camera has no inputs: what a route leads to one is taken and ignored, as by any module. */
  async receive(): Promise<void> {}

  /** Hears the whole of the desired properties. */
  desire(desired: Properties): void {
    if (!this.stopped) this.changes.put(desired);
  }

  startCamera(): MethodAnswer {
    return this.switchCamera(true, 'start', 'started');
  }

  stopCamera(): MethodAnswer {
    return this.switchCamera(false, 'stop', 'stopped');
  }

  /** Looks, or not, as everything that has a say in it now wants. */
  look(): void {
    if (this.stopped) return;
    const model = this.installer.installed;
    const { hardware, kit } = this.options;
    if (model === null || !hardware.analyticsOn || !this.switchedOn) {
      this.loop.setInterval(null);
      return;
    }
    const { frameRate, inferenceIntervalMs } = this.settings;
    const fastestMs = MS_PER_SECOND / Math.min(frameRate, model.targetFps);
    // The model must be ready before the next frame.
    this.loop.setInterval(Math.max(fastestMs, inferenceIntervalMs, kit.inferenceMs + 1));
  }

  private async begin(): Promise<void> {
    const { disk, moduleName, twin } = this.options;
    if (disk.model !== null) await this.installer.restore();
    if (this.stopped) return;
    twin.start();
    this.module.resume();
    // The edge hub answers from its store while IoT Hub is out of reach.
    const known = disk.twins.get(moduleName);
    if (known !== undefined) this.desire(known);
  }

  private async hear(look: Look): Promise<void> {
    if (this.stopped) return;
    const { deviceClock, hardware } = this.options;
    hardware.saw(look);
    this.heardAtMs = look.capturedAtMs;
    await this.module.hear({
      capturedAtMs: deviceClock.at(look.capturedAtMs),
      steadyMs: look.capturedAtMs,
      objects: look.objects,
      picture: () => look.picture(),
    });
  }

  private async apply(desired: Properties): Promise<void> {
    this.retry?.cancel();
    const { hardware, kit } = this.options;
    const { settings, inForce, problems } = readCameraSettings(desired, this.settings);
    this.settings = settings;
    this.module.configure(settings);
    hardware.configure(settings);
    for (const { message } of problems) kit.observer.onWarning(message);
    await this.installModel(desired);
    if (this.stopped) return;
    this.look();
    await this.report({ ...inForce, ...SUPPORTED, ...this.streamReport(), ...this.modelReport() });
  }

  private async installModel(desired: Properties): Promise<void> {
    const { modelZipUrl, modelZipSha256 } = this.settings;
    if (modelZipUrl === null) return;
    if (modelZipUrl === this.refused?.url && modelZipSha256 === this.refused.sha256) return;
    if (modelZipUrl === this.installer.installed?.url) {
      this.refused = null;
      return;
    }
    const { kit } = this.options;
    const installation = await this.installer.install(modelZipUrl, modelZipSha256);
    if (this.stopped) return;
    if (installation.outcome === 'installed') {
      this.refused = null;
      return kit.observer.onModelInstalled(installation.model);
    }
    kit.observer.onWarning(`the model ${withoutQuery(modelZipUrl)}: ${installation.reason}`);
    if (installation.outcome === 'failed') {
      this.refused = { url: modelZipUrl, sha256: modelZipSha256, reason: installation.reason };
    } else {
      const delayMs = this.downloadRetry.nextDelayMs();
      this.retry = kit.services.clock.after(delayMs, () => this.changes.put(desired));
    }
  }

  private modelReport(): Properties {
    const { installed } = this.installer;
    const status = this.refused === null ? (installed === null ? 'waiting' : 'installed') : 'failed';
    // Null takes the property away again.
    const report = { ModelStatus: status, ModelError: this.refused?.reason ?? null };
    if (installed === null) return report;
    return { ModelZipUrl: installed.url, ModelBackend: installed.backend, ...report };
  }

  /** Where the Dev Kit's video and metadata are, while they are on. */
  private streamReport(): Properties {
    const { showVideoPreview, videoAnalyticsEnabled } = this.settings;
    const { name } = this.options.kit;
    return {
      RtspVideoUrl: showVideoPreview ? `rtsp://${name}:8900/live` : null,
      RtspDataUrl: videoAnalyticsEnabled ? `rtsp://${name}:8902/live` : null,
    };
  }

  /** The Dev Kit reports one patch for each property; those the hub has already are left out. */
  private async report(properties: Properties): Promise<void> {
    const { kit, twin } = this.options;
    for (const [name, value] of Object.entries(properties)) {
      const text = JSON.stringify(value);
      if (this.stopped || this.reported.get(name) === text) continue;
      this.reported.set(name, text);
      await twin
        .report({ [name]: value })
        .catch((error: Error) => kit.observer.onWarning(`report of ${name}: ${error.message}`));
    }
  }

  private switchCamera(on: boolean, verb: string, done: string): MethodAnswer {
    this.switchedOn = on;
    this.look();
    const succeeds = !on || this.installer.installed !== null;
    const response: Json = succeeds ? `Successfully ${done} camera` : `Failed to ${verb} camera`;
    return { status: succeeds ? 200 : 500, payload: { Response: response } };
  }
}

/** The query holds the signature, which belongs into no log. */
function withoutQuery(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

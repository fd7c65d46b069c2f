/**
 * What runs in the camera's module container: the solution's camera module, and beside it what the Dev Kit's own
 * software does for it: settings from the twin, the model installed, frames looked at.
 */
import {
  CameraModule,
  type CameraModuleFigures,
  type CameraPlace,
} from '../../pipeline/camera-module/camera-module.js';
import {
  type CameraSettings,
  DEFAULT_SETTINGS,
  readCameraSettings,
  SUPPORTED,
} from '../../pipeline/camera-module/camera-settings.js';
import type {
  Json,
  MethodAnswer,
  MethodHandler,
  Properties,
} from '../../pipeline/camera-module/hub-connection.js';
import type { PictureStore } from '../../pipeline/camera-module/picture-store.js';
import { type Retry, retryBy } from '../../pipeline/camera-module/retry-schedule.js';
import { TwinConnection } from '../../pipeline/camera-module/twin-connection.js';
import type { Timer } from '../kernel/services.js';
import type { DevKitOptions } from './dev-kit.js';
import type { EdgeHub } from './edge-hub.js';
import { InferenceLoop } from './inference-loop.js';
import { LatestOnly } from './latest-only.js';
import { ModelInstaller } from './model-installer.js';

export interface CameraProgramOptions {
  readonly kit: DevKitOptions;
  readonly moduleName: string;
  readonly connectionString: string;
  readonly place: CameraPlace;
  readonly pictures: PictureStore;
  readonly edgeHub: EdgeHub;
}

interface RefusedModel {
  readonly url: string;
  readonly sha256: string | null;
  readonly reason: string;
}

const MS_PER_SECOND = 1000;

export class CameraProgram {
  private readonly options: CameraProgramOptions;
  private readonly module: CameraModule;
  private readonly twin: TwinConnection;
  private readonly installer: ModelInstaller;
  private readonly loop: InferenceLoop;
  private readonly changes: LatestOnly<Properties>;
  /** As JSON, by name; that there is no error goes without saying. */
  private readonly reported = new Map([['ModelError', 'null']]);
  private readonly downloadRetry: Retry;
  private settings: CameraSettings = DEFAULT_SETTINGS;
  /** Fetched and found useless: not to be fetched again until another is named, or another SHA-256 for it. */
  private refused: RefusedModel | null = null;
  private switchedOn = true;
  private retry: Timer | null = null;

  constructor(options: CameraProgramOptions) {
    const { kit, moduleName, place } = options;
    const { services } = kit;
    const retry = (what: string) => {
      const jitter = services.rng(`camera/${kit.name}/retry/${what}`);
      return retryBy(kit.retry, () => jitter.next());
    };
    this.options = options;
    this.downloadRetry = retry('model');
    this.changes = new LatestOnly((desired) => this.apply(desired));
    this.twin = new TwinConnection({
      connect: () => kit.connect(options.connectionString),
      clock: services.clock,
      retry: retry(moduleName),
      onDesired: (desired) => this.changes.put(desired),
      methods: {
        StartCamera: this.switchMethod(true, 'start', 'started'),
        StopCamera: this.switchMethod(false, 'stop', 'stopped'),
      },
      onFailed: (error) => kit.observer.onDisconnected(moduleName, error),
    });
    this.module = new CameraModule({
      place,
      clock: services.clock,
      pictures: options.pictures,
      pictureLimits: kit.pictureLimits,
      pictureRetry: retry('pictures'),
      sendMessage: (message) => options.edgeHub.send(moduleName, message),
      messageLimits: { ...kit.messageLimits, timeToLiveMs: options.edgeHub.timeToLiveMs },
      messageRetry: retry('messages'),
      observer: kit.observer,
    });
    this.installer = new ModelInstaller(kit.sight, kit.download);
    this.loop = new InferenceLoop({
      clock: services.clock,
      look: () => kit.sight.look(),
      hear: (look) => this.module.hear(look),
      phase: services.rng(`camera/${kit.name}/phase`).next(),
      inferenceMs: kit.inferenceMs,
      ...(kit.lazyLooks ? { nextUsefulLookMs: () => this.module.nextCaptureMs } : {}),
    });
  }

  /** The connection that the edge hub sends this module's messages over. */
  get upstream(): TwinConnection {
    return this.twin;
  }

  get looks(): number {
    return this.loop.looks;
  }

  figures(): CameraModuleFigures {
    return this.module.figures();
  }

  start(): void {
    this.twin.start();
    this.module.resume();
  }

  async stop(): Promise<void> {
    this.retry?.cancel();
    this.loop.setInterval(null);
    this.module.stop();
    await this.twin.stop();
  }

  private async apply(desired: Properties): Promise<void> {
    this.retry?.cancel();
    const { settings, inForce, problems } = readCameraSettings(desired, this.settings);
    this.settings = settings;
    this.module.configure(settings);
    for (const { message } of problems) this.options.kit.observer.onWarning(message);
    await this.installModel(desired);
    this.look();
    await this.report({ ...inForce, ...SUPPORTED, ...this.modelReport() });
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

  private look(): void {
    const model = this.installer.installed;
    const { videoAnalyticsEnabled, frameRate, inferenceIntervalMs } = this.settings;
    if (model === null || !videoAnalyticsEnabled || !this.switchedOn) {
      this.loop.setInterval(null);
      return;
    }
    const fastestMs = MS_PER_SECOND / Math.min(frameRate, model.targetFps);
    // The model must be ready before the next frame.
    this.loop.setInterval(Math.max(fastestMs, inferenceIntervalMs, this.options.kit.inferenceMs + 1));
  }

  private modelReport(): Properties {
    const { installed } = this.installer;
    const status = this.refused === null ? (installed === null ? 'waiting' : 'installed') : 'failed';
    // Null takes the property away again.
    const report = { ModelStatus: status, ModelError: this.refused?.reason ?? null };
    if (installed === null) return report;
    return { ModelZipUrl: installed.url, ModelBackend: installed.backend, ...report };
  }

  /** The Dev Kit reports one patch for each property; those the hub has already are left out. */
  private async report(properties: Properties): Promise<void> {
    for (const [name, value] of Object.entries(properties)) {
      const text = JSON.stringify(value);
      if (this.reported.get(name) === text) continue;
      this.reported.set(name, text);
      await this.twin
        .report({ [name]: value })
        .catch((error: Error) => this.options.kit.observer.onWarning(`report of ${name}: ${error.message}`));
    }
  }

  private switchMethod(on: boolean, verb: string, done: string): MethodHandler {
    return async (): Promise<MethodAnswer> => {
      this.switchedOn = on;
      this.look();
      const sees = this.installer.installed !== null;
      const response: Json = sees || !on ? `Successfully ${done} camera` : `Failed to ${verb} camera`;
      return { status: sees || !on ? 200 : 500, payload: { Response: response } };
    };
  }
}

/** The query holds the signature, which belongs into no log. */
function withoutQuery(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

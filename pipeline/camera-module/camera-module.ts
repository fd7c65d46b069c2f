/**
 * The module on the Dev Kit. It hears what the camera's model sees and, when something of interest is in view and
 * the message delay has passed, takes one picture, uploads it to blob storage, then sends one message about it.
 * Pictures and messages travel by different ways, each with a store of its own, so that a broken uplink does not
 * keep pictures from the store's own network.
 */
import type { Detection, PictureTelemetry } from '../boundaries.js';
import type { Clock } from '../clock.js';
import { type CameraSettings, DEFAULT_SETTINGS } from './camera-settings.js';
import { HubError, type OutgoingMessage } from './hub-connection.js';
import { type Picture, PictureRefusedError, type PictureStore, pictureName } from './picture-store.js';
import type { Retry } from './retry-schedule.js';
import { Shelf } from './shelf.js';
import {
  type LossReason,
  StoreAndForward,
  type StoreFigures,
  type StoreLimits,
} from './store-and-forward.js';

/** What the camera's model saw in one frame. */
export interface InferenceResult {
  /** By the device's clock, which may be wrong, and may be set while the module runs. */
  readonly capturedAtMs: number;
  /** The same instant by a clock that only runs on: what intervals are measured with. */
  readonly steadyMs: number;
  readonly objects: readonly Detection[];
  /** The frame as a JPEG. */
  picture(): Promise<Uint8Array>;
}

export interface CameraPlace {
  readonly storeId: string;
  readonly cameraId: string;
  /** The section of the store that the camera watches. */
  readonly section: string;
}

export interface CameraModuleObserver {
  onCaptured(picture: Picture): void;
  onUploaded(picture: Picture): void;
  onReported(telemetry: PictureTelemetry): void;
  onPictureLost(picture: Picture, reason: LossReason): void;
  onMessageLost(telemetry: PictureTelemetry, reason: LossReason): void;
}

/** What the module has on the device's disk: it is there again when the device has lost its power. */
export interface CameraModuleDisk {
  readonly pictures: Shelf<Picture>;
  readonly messages: Shelf<PictureTelemetry>;
  /** Names of pictures whose upload found no answer: they may be stored. */
  unanswered: Set<string>;
  /** Pictures taken ever: numbers them. */
  picturesTaken: number;
}

export function emptyCameraModuleDisk(): CameraModuleDisk {
  return { pictures: new Shelf(), messages: new Shelf(), unanswered: new Set(), picturesTaken: 0 };
}

export interface CameraModuleOptions {
  readonly place: CameraPlace;
  readonly clock: Clock;
  readonly disk: CameraModuleDisk;
  readonly pictures: PictureStore;
  readonly pictureLimits: StoreLimits;
  readonly pictureRetry: Retry;
  /** Hands a message on; rejects while that is impossible. */
  readonly sendMessage: (message: OutgoingMessage) => Promise<void>;
  readonly messageLimits: StoreLimits;
  readonly messageRetry: Retry;
  readonly observer: CameraModuleObserver;
}

export interface CameraModuleFigures {
  /** Inference results heard. */
  readonly heard: number;
  /** Results with something of interest that came before the message delay had passed. */
  readonly tooSoon: number;
  /** Since the device's disk was empty, as are the figures of the stores. */
  readonly captured: number;
  readonly pictures: StoreFigures;
  readonly messages: StoreFigures;
}

/** The output that the deployment's routes name. */
export const OUTPUT = 'ToUpstream';

export class CameraModule {
  private readonly options: CameraModuleOptions;
  private readonly pictures: StoreAndForward<Picture>;
  private readonly messages: StoreAndForward<PictureTelemetry>;
  private settings: CameraSettings = DEFAULT_SETTINGS;
  private lastCaptureMs = Number.NEGATIVE_INFINITY;
  private heard = 0;
  private tooSoon = 0;
  private stopped = false;

  constructor(options: CameraModuleOptions) {
    const { clock, observer } = options;
    this.options = options;
    this.pictures = new StoreAndForward({
      limits: options.pictureLimits,
      shelf: options.disk.pictures,
      retry: options.pictureRetry,
      clock,
      forward: (picture) => this.upload(picture),
      isFinal: (error) => error instanceof PictureRefusedError,
      onLost: (picture, reason) => observer.onPictureLost(picture, reason),
    });
    this.messages = new StoreAndForward({
      limits: options.messageLimits,
      shelf: options.disk.messages,
      retry: options.messageRetry,
      clock,
      forward: (telemetry) => this.send(telemetry),
      isFinal: (error) => error instanceof HubError && error.code === 'FF_HUB_REJECTED',
      onLost: (telemetry, reason) => observer.onMessageLost(telemetry, reason),
    });
  }

  /** Takes effect with the next inference result. */
  configure(settings: CameraSettings): void {
    this.settings = settings;
  }

  /** No frame before this time, by the steady clock, can lead to a picture; a camera may save itself the inference. */
  get nextCaptureMs(): number {
    return this.lastCaptureMs + this.settings.messageDelayMs;
  }

  /** Resolves when the picture, if one was taken, is in the store. */
  async hear(result: InferenceResult): Promise<void> {
    this.heard++;
    const people = this.ofInterest(result.objects);
    if (people.length === 0) return;
    if (result.steadyMs < this.nextCaptureMs) {
      this.tooSoon++;
      return;
    }
    this.lastCaptureMs = result.steadyMs;
    await this.capture(result, people);
  }

  figures(): CameraModuleFigures {
    const { heard, tooSoon } = this;
    const captured = this.options.disk.picturesTaken;
    return { heard, tooSoon, captured, pictures: this.pictures.figures(), messages: this.messages.figures() };
  }

  /** Ends it, as when the device loses its power; the disk keeps what it holds. */
  stop(): void {
    this.stopped = true;
    // What is under way writes to this disk no more.
    this.options.disk.unanswered = new Set(this.options.disk.unanswered);
    this.pictures.stop();
    this.messages.stop();
  }

  /** Goes on with what the disk holds. */
  resume(): void {
    this.stopped = false;
    this.pictures.resume();
    this.messages.resume();
  }

  private ofInterest(objects: readonly Detection[]): readonly Detection[] {
    const { objectsOfInterest } = this.settings;
    if (objectsOfInterest === 'all') return objects;
    return objects.filter(({ label }) => objectsOfInterest.includes(label.toLowerCase()));
  }

  private async capture(result: InferenceResult, people: readonly Detection[]): Promise<void> {
    const { storeId, cameraId, section } = this.options.place;
    const { capturedAtMs } = result;
    const capturedAt = new Date(capturedAtMs).toISOString();
    const jpeg = await result.picture();
    // Without power nothing gets to the disk any more.
    if (this.stopped) return;
    const name = pictureName(storeId, cameraId, capturedAtMs, this.options.disk.picturesTaken++);
    const picture: Picture = { name, jpeg, metadata: { storeId, cameraId, section, capturedAt, people } };
    this.options.observer.onCaptured(picture);
    this.pictures.put(picture, jpeg.length);
  }

  private async upload(picture: Picture): Promise<void> {
    await this.options.pictures.put(picture);
    if (this.stopped) return;
    this.options.observer.onUploaded(picture);
    const { storeId, cameraId, section, capturedAt, people } = picture.metadata;
    const telemetry: PictureTelemetry = {
      id: picture.name,
      storeId,
      cameraId,
      section,
      capturedAt,
      blobName: picture.name,
      people: people.length,
    };
    this.messages.put(telemetry, Buffer.byteLength(JSON.stringify(telemetry)));
  }

  private async send(telemetry: PictureTelemetry): Promise<void> {
    await this.options.sendMessage({
      messageId: telemetry.id,
      body: JSON.stringify(telemetry),
      properties: { storeId: telemetry.storeId, section: telemetry.section },
      output: OUTPUT,
    });
    this.options.observer.onReported(telemetry);
  }
}

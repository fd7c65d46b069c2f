/** The camera itself: what it films and shows, whoever sets it, the module by its twin or a person by its REST. */
import {
  type CameraSettings,
  type CHOICES,
  DEFAULT_SETTINGS,
} from '../../../pipeline/camera-module/camera-settings.js';
import type { Look } from './sight.js';

export type VideoSettings = Pick<CameraSettings, 'resolution' | 'codec' | 'bitrate' | 'frameRate'>;

export interface Overlay {
  readonly style: (typeof CHOICES.VideoOverlayConfig)[number];
  readonly text: string;
}

export type LookListener = (look: Look) => void;

export class CameraHardware {
  video: VideoSettings = DEFAULT_SETTINGS;
  hdmiActive = DEFAULT_SETTINGS.hdmiDisplayActive;
  previewOn = DEFAULT_SETTINGS.showVideoPreview;
  overlayOn = DEFAULT_SETTINGS.showVideoOverlay;
  overlay: Overlay = { style: DEFAULT_SETTINGS.overlayStyle, text: '' };
  /** Who serves the camera's video keeps what is recorded meanwhile. */
  recordingOn = false;
  private analytics = DEFAULT_SETTINGS.videoAnalyticsEnabled;
  private last: Look | null = null;
  private readonly listeners = new Set<LookListener>();
  private readonly onAnalytics: (on: boolean) => void;

  /** `onAnalytics` hears when looking at what is filmed is switched on or off. */
  constructor(onAnalytics: (on: boolean) => void) {
    this.onAnalytics = onAnalytics;
  }

  get analyticsOn(): boolean {
    return this.analytics;
  }

  /** What was seen last; null while nobody looks. */
  get lastLook(): Look | null {
    return this.last;
  }

  setAnalytics(on: boolean): void {
    if (on === this.analytics) return;
    this.analytics = on;
    if (!on) this.last = null;
    this.onAnalytics(on);
  }

  /** Takes over what the module's twin asks for. */
  configure(settings: CameraSettings): void {
    const { bitrate, codec, frameRate, resolution } = settings;
    this.video = { bitrate, codec, frameRate, resolution };
    this.hdmiActive = settings.hdmiDisplayActive;
    this.previewOn = settings.showVideoPreview;
    this.overlayOn = settings.showVideoOverlay;
    this.overlay = { ...this.overlay, style: settings.overlayStyle };
    this.setAnalytics(settings.videoAnalyticsEnabled);
  }

  /** As it comes up when it gets power. */
  reset(): void {
    this.configure(DEFAULT_SETTINGS);
    this.overlay = { style: DEFAULT_SETTINGS.overlayStyle, text: '' };
    this.recordingOn = false;
    this.last = null;
  }

  saw(look: Look): void {
    this.last = look;
    for (const listener of this.listeners) listener(look);
  }

  /** Tells `listener` of every look; returns what ends it. */
  onLook(listener: LookListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

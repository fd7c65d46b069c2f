/**
 * The twin properties of the Vision AI Dev Kit's camera modules: what each may be, and what holds while it is
 * missing or wrong.
 */
import type { Json, Properties } from './hub-connection.js';

export interface CameraSettings {
  /** Null until a deployment names one: then the camera cannot see. */
  readonly modelZipUrl: string | null;
  /** SHA-256 of the model zip in lower-case hex; null when the deployment gives none to check. */
  readonly modelZipSha256: string | null;
  /** Least time between two messages, and so between two pictures. */
  readonly messageDelayMs: number;
  /** Labels in lower case; `'all'` of them. */
  readonly objectsOfInterest: 'all' | readonly string[];
  readonly videoAnalyticsEnabled: boolean;
  /** Frames a second of the camera: 24 or 30. */
  readonly frameRate: (typeof CHOICES.FrameRate)[number];
  /** Least time between two inferences, for rates below the camera's frame rates; 0: as fast as it can. */
  readonly inferenceIntervalMs: number;
  readonly bitrate: (typeof CHOICES.Bitrate)[number];
  readonly resolution: (typeof CHOICES.Resolution)[number];
  readonly codec: (typeof CHOICES.Codec)[number];
  /** What is drawn over the video: boxes of what is found, or a text. */
  readonly overlayStyle: (typeof CHOICES.VideoOverlayConfig)[number];
  readonly showVideoOverlay: boolean;
  readonly showVideoPreview: boolean;
  readonly hdmiDisplayActive: boolean;
}

/** What may be chosen; the camera's REST names each by its place in the list. */
export const CHOICES = {
  Bitrate: [
    '512Kbps',
    '768Kbps',
    '1Mbps',
    '1.5Mbps',
    '2Mbps',
    '3Mbps',
    '4Mbps',
    '6Mbps',
    '8Mbps',
    '10Mbps',
    '20Mbps',
  ],
  Resolution: ['4K', '1080P', '720P', '480P'],
  Codec: ['HEVC/H.265', 'AVC/H.264'],
  VideoOverlayConfig: ['inference', 'text'],
  FrameRate: [24, 30],
} as const;

export interface SettingProblem {
  readonly property: string;
  readonly message: string;
}

export interface ReadSettings {
  readonly settings: CameraSettings;
  /** The values in force, under the names of the desired properties: what the module reports. */
  readonly inForce: Properties;
  readonly problems: readonly SettingProblem[];
}

export const DEFAULT_SETTINGS: CameraSettings = {
  modelZipUrl: null,
  modelZipSha256: null,
  messageDelayMs: 3_000,
  objectsOfInterest: ['person'],
  videoAnalyticsEnabled: true,
  frameRate: 30,
  inferenceIntervalMs: 0,
  bitrate: '1.5Mbps',
  resolution: '1080P',
  codec: 'AVC/H.264',
  overlayStyle: 'inference',
  showVideoOverlay: true,
  showVideoPreview: true,
  hdmiDisplayActive: true,
};

/** What the module reports beside its settings: the values that may be chosen, as the Dev Kit lists them. */
export const SUPPORTED: Properties = {
  SupportedBitrates: CHOICES.Bitrate.join(' | '),
  SupportedEncodingTypes: CHOICES.Codec.join(' | '),
  SupportedFrameRates: CHOICES.FrameRate.join(' | '),
  SupportedResolutions: CHOICES.Resolution.join(' | '),
  SupportedConfigOverlayStyles: CHOICES.VideoOverlayConfig.join(' | '),
};

/** Reads desired properties; what is missing or wrong falls back to `before`, the settings in force until now. */
export function readCameraSettings(
  desired: Properties,
  before: CameraSettings = DEFAULT_SETTINGS,
): ReadSettings {
  const problems: SettingProblem[] = [];
  /** The property read by `parse`, or the fallback where it is missing or makes no sense. */
  function take<T>(property: string, parse: (value: Json) => T | null, expected: string, fallback: T): T {
    const value = desired[property];
    if (value === undefined) return fallback;
    const parsed = parse(value);
    if (parsed !== null) return parsed;
    const message = `${property} is ${JSON.stringify(value)}, expected ${expected}; ${JSON.stringify(fallback)} stays in force`;
    problems.push({ property, message });
    return fallback;
  }

  function choose<Choice extends string>(
    property: string,
    allowed: readonly Choice[],
    fallback: Choice,
  ): Choice {
    return take(property, choiceOf(allowed), `one of ${allowed.join(', ')}`, fallback);
  }

  const settings: CameraSettings = {
    modelZipUrl: take('ModelZipUrl', parseUrl, 'an http or https URL', before.modelZipUrl),
    modelZipSha256: take('ModelZipSha256', parseSha256, '64 hexadecimal digits', null),
    messageDelayMs: take(
      'TimeBetweenMessagesInSeconds',
      parseSeconds,
      'seconds, 0 or more',
      before.messageDelayMs,
    ),
    objectsOfInterest: take(
      'ObjectsOfInterest',
      parseObjects,
      'a JSON list of labels in a string, e.g. "[\\"person\\"]"',
      before.objectsOfInterest,
    ),
    videoAnalyticsEnabled: take(
      'VideoAnalyticsEnabled',
      parseSwitch,
      'true or false',
      before.videoAnalyticsEnabled,
    ),
    frameRate: take('FrameRate', parseFrameRate, `one of ${CHOICES.FrameRate.join(', ')}`, before.frameRate),
    inferenceIntervalMs: take(
      'InferenceIntervalMs',
      parseCount,
      'milliseconds, 0 or more',
      before.inferenceIntervalMs,
    ),
    bitrate: choose('Bitrate', CHOICES.Bitrate, before.bitrate),
    resolution: choose('Resolution', CHOICES.Resolution, before.resolution),
    codec: choose('Codec', CHOICES.Codec, before.codec),
    overlayStyle: choose('VideoOverlayConfig', CHOICES.VideoOverlayConfig, before.overlayStyle),
    showVideoOverlay: take('ShowVideoOverlay', parseSwitch, 'true or false', before.showVideoOverlay),
    showVideoPreview: take('ShowVideoPreview', parseSwitch, 'true or false', before.showVideoPreview),
    hdmiDisplayActive: take('HdmiDisplayActive', parseSwitch, 'true or false', before.hdmiDisplayActive),
  };
  return { settings, problems, inForce: inForce(settings) };
}

function inForce(settings: CameraSettings): Properties {
  const { objectsOfInterest } = settings;
  return {
    TimeBetweenMessagesInSeconds: settings.messageDelayMs / 1000,
    ObjectsOfInterest: JSON.stringify(objectsOfInterest === 'all' ? ['ALL'] : objectsOfInterest),
    VideoAnalyticsEnabled: settings.videoAnalyticsEnabled,
    FrameRate: settings.frameRate,
    InferenceIntervalMs: settings.inferenceIntervalMs,
    Bitrate: settings.bitrate,
    Resolution: settings.resolution,
    Codec: settings.codec,
    VideoOverlayConfig: settings.overlayStyle,
    ShowVideoOverlay: settings.showVideoOverlay,
    ShowVideoPreview: settings.showVideoPreview,
    HdmiDisplayActive: settings.hdmiDisplayActive,
  };
}

function parseUrl(value: Json): string | null {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
    ? value
    : null;
}

function parseSha256(value: Json): string | null {
  return typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value) ? value.toLowerCase() : null;
}

/** Numbers may come as strings: portals write them so. */
function parseNumber(value: Json): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function parseSeconds(value: Json): number | null {
  const seconds = parseNumber(value);
  return seconds !== null && seconds >= 0 ? Math.round(seconds * 1000) : null;
}

function parseCount(value: Json): number | null {
  const count = parseNumber(value);
  return count !== null && count >= 0 ? Math.round(count) : null;
}

function parseFrameRate(value: Json): CameraSettings['frameRate'] | null {
  const rate = parseNumber(value);
  return CHOICES.FrameRate.find((allowed) => allowed === rate) ?? null;
}

function parseSwitch(value: Json): boolean | null {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  return text === 'true' || text === 'false' ? text === 'true' : null;
}

function choiceOf<Choice extends string>(allowed: readonly Choice[]): (value: Json) => Choice | null {
  return (value) => allowed.find((choice) => choice.toLowerCase() === String(value).toLowerCase()) ?? null;
}

function parseObjects(value: Json): 'all' | readonly string[] | null {
  const list = typeof value === 'string' ? parseJson(value) : value;
  if (!Array.isArray(list) || !list.every((label) => typeof label === 'string')) return null;
  const labels = list.map((label) => label.toLowerCase());
  return labels.includes('all') ? 'all' : labels;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

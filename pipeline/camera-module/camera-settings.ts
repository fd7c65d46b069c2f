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
  /** Frames a second of the camera. */
  readonly frameRate: number;
  /** Least time between two inferences, for rates below the camera's frame rates; 0: as fast as it can. */
  readonly inferenceIntervalMs: number;
}

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
};

const FRAME_RATES = [24, 30];
const CHOICES = {
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
} as const;
const CHOICE_DEFAULTS = {
  Bitrate: '1.5Mbps',
  Resolution: '1080P',
  Codec: 'AVC/H.264',
  VideoOverlayConfig: 'inference',
};
const SWITCH_DEFAULTS = { ShowVideoOverlay: true, ShowVideoPreview: true, HdmiDisplayActive: true };

/** What the module reports beside its settings: the values that may be chosen, as the Dev Kit lists them. */
export const SUPPORTED: Properties = {
  SupportedBitrates: CHOICES.Bitrate.join(' | '),
  SupportedEncodingTypes: CHOICES.Codec.join(' | '),
  SupportedFrameRates: FRAME_RATES.join(' | '),
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
    frameRate: take('FrameRate', parseFrameRate, 'frames a second, above 0 and at most 30', before.frameRate),
    inferenceIntervalMs: take(
      'InferenceIntervalMs',
      parseCount,
      'milliseconds, 0 or more',
      before.inferenceIntervalMs,
    ),
  };
  const choices = Object.entries(CHOICES).map(([property, allowed]) => [
    property,
    take(
      property,
      choiceOf(allowed),
      `one of ${allowed.join(', ')}`,
      CHOICE_DEFAULTS[property as keyof typeof CHOICES],
    ),
  ]);
  const switches = Object.entries(SWITCH_DEFAULTS).map(([property, on]) => [
    property,
    take(property, parseSwitch, 'true or false', on),
  ]);
  return {
    settings,
    problems,
    inForce: { ...inForce(settings), ...Object.fromEntries([...choices, ...switches]) },
  };
}

function inForce(settings: CameraSettings): Properties {
  const { objectsOfInterest } = settings;
  return {
    TimeBetweenMessagesInSeconds: settings.messageDelayMs / 1000,
    ObjectsOfInterest: JSON.stringify(objectsOfInterest === 'all' ? ['ALL'] : objectsOfInterest),
    VideoAnalyticsEnabled: settings.videoAnalyticsEnabled,
    FrameRate: settings.frameRate,
    InferenceIntervalMs: settings.inferenceIntervalMs,
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

function parseFrameRate(value: Json): number | null {
  const rate = parseNumber(value);
  return rate !== null && rate > 0 && rate <= 30 ? rate : null;
}

function parseSwitch(value: Json): boolean | null {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  return text === 'true' || text === 'false' ? text === 'true' : null;
}

function choiceOf(allowed: readonly string[]): (value: Json) => string | null {
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

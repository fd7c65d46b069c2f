/** What crosses the boundaries between the tiers of the pattern, and nothing else. */

/** A rectangle in pixels of the picture it belongs to; `left`/`top` is its upper left corner. */
export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A box that the person detector reports, with its score in [0, 1]. */
export interface Detection {
  readonly label: string;
  readonly score: number;
  readonly box: PixelBox;
}

/** Camera → blob storage, on the premises: what is said of a picture beside its bytes. */
export interface PictureMetadata {
  readonly storeId: string;
  readonly cameraId: string;
  readonly section: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly capturedAt: string;
  /** Boxes of the people seen, in pixels of the picture. */
  readonly people: readonly Detection[];
}

/** Camera → IoT Hub: the device-to-cloud message about a picture. */
export interface PictureTelemetry {
  readonly id: string;
  readonly storeId: string;
  readonly cameraId: string;
  readonly section: string;
  readonly capturedAt: string;
  readonly blobName: string;
  readonly people: number;
}

export const AGE_BANDS = ['0-12', '13-17', '18-24', '25-34', '35-44', '45-54', '55-64', '65+'] as const;
export type AgeBand = (typeof AGE_BANDS)[number];

export const EMOTIONS = [
  'anger',
  'contempt',
  'disgust',
  'fear',
  'happiness',
  'neutral',
  'sadness',
  'surprise',
] as const;
export type Emotion = (typeof EMOTIONS)[number];

export type Gender = 'female' | 'male' | 'genderless';

/** Premises → Event Hubs, an allow-list: a field that is not here cannot leave. Partition key: `storeId`. */
export interface AnonymousEvent {
  readonly eventId: string;
  readonly storeId: string;
  readonly cameraId: string;
  readonly section: string;
  readonly capturedAt: string;
  /** False when no face could be read; then `ageBand`, `gender`, `emotion`, `emotionScore` and `returning` are null. */
  readonly analyzed: boolean;
  /** A pseudonym that cannot be linked across salts; null when it may not be known. */
  readonly visitor: string | null;
  /** True at a visitor's first event of the store's day. */
  readonly newVisitor: boolean;
  /** True when the store's opt-in loyalty window knows the visitor. */
  readonly returning: boolean | null;
  readonly ageBand: AgeBand | null;
  readonly gender: Gender | null;
  readonly emotion: Emotion | null;
  /** In [-1, 1], two decimals. */
  readonly emotionScore: number | null;
}

/** Stream Analytics → Power BI: one row a store, section and 15-second window. */
export interface WindowRow {
  readonly windowEnd: string;
  readonly storeId: string;
  readonly section: string;
  readonly people: number;
  readonly faces: number;
  readonly uniqueVisitors: number;
  readonly newVisitors: number;
  readonly returningVisitors: number;
  readonly females: number | null;
  readonly males: number | null;
  readonly averageEmotion: number | null;
  /** One count per age band: `age0to12 … age65plus`. */
  readonly [ageBandColumn: string]: string | number | null;
}

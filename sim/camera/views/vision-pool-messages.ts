/** What a run asks of the vision pool, and what goes between the pool and its workers. */
import type { Detection } from '../../../pipeline/boundaries.js';
import type { CachePlace } from '../result-cache/result-cache.js';
import type { SceneCamera, ScenePlan, SceneShopper } from '../scene.js';
import type { VisiblePerson } from '../visibility/visible-person.js';

/** One look of one camera. */
export interface LookJob {
  readonly cameraId: string;
  /** Epoch, UTC. */
  readonly timeMs: number;
  /** Everybody in the store, or at least everybody whom the camera could see. */
  readonly shoppers: readonly SceneShopper[];
  /** Encode the picture when the detector sees somebody. */
  readonly wantPicture: boolean;
}

export interface LookResult {
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** What the detector reports, best first, in pixels of the picture. */
  readonly objects: readonly Detection[];
  /** False when nothing moved and `objects` are those of the camera's last look. */
  readonly looked: boolean;
  /** The truth: everybody of whom something can be seen. */
  readonly people: readonly VisiblePerson[];
  /** The picture as JPEG, when it was wanted and `objects` is not empty. */
  readonly jpeg: Uint8Array<ArrayBuffer> | null;
}

/** How the detector of every camera is set. */
export interface SightSettings {
  /** The network's input; the model zip's settings by default. */
  readonly inputWidthPixels?: number;
  readonly inputHeightPixels?: number;
  /** In [0, 1]; the model zip's threshold by default. */
  readonly minimumScore?: number;
  /** Look at every frame, moving or not. Default false. */
  readonly ignoreMotion?: boolean;
}

/** A worker's share of the work, given at its start. */
export interface WorkerStart {
  readonly plan: ScenePlan;
  readonly cameras: readonly SceneCamera[];
  readonly modelZip: Uint8Array;
  readonly settings: SightSettings;
  /** Where what the detector saw is remembered; null: nowhere. */
  readonly cache: CachePlace | null;
}

export type WorkerRequest =
  | { readonly kind: 'look'; readonly id: number; readonly job: LookJob }
  | { readonly kind: 'picture'; readonly id: number; readonly job: LookJob }
  /** Nothing more is asked: write what is to be remembered. */
  | { readonly kind: 'close'; readonly id: number };

export type WorkerReply =
  | { readonly kind: 'ready'; readonly backend: string }
  | { readonly kind: 'look'; readonly id: number; readonly result: LookResult }
  | { readonly kind: 'picture'; readonly id: number; readonly jpeg: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'closed'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number | null; readonly code: string; readonly message: string };

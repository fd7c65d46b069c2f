/**
 * What a world stands on: what its cameras see, and the truth about it. Either a simulated store, or footage in
 * front of one camera. The services behind the cameras do not know the difference.
 */

import type { Sight } from '../../devkit/index.js';
import type { SubjectLookup } from '../../face-api/index.js';
import type { CameraMount } from '../../store/plan/floor-plan.js';
import type { FaceHooks } from '../replay/face-source.js';
import type { FootageGround } from '../replay/footage-ground.js';
import type { Witness } from '../sight/witness.js';
import type { StoreGround } from './store-ground.js';

export type Ground = StoreGround | FootageGround;

export interface GroundOfAnyKind {
  readonly witness: Witness;
  /** What the Face stand-in may know of pictures. */
  readonly subjects: SubjectLookup;
  readonly faceHooks: FaceHooks;
  /** Whether looks that cannot lead to a picture are left out. */
  readonly lazyLooks: boolean;
  /** The model zip that cameras begin with; null: the one that the scenario asks for. */
  readonly modelZip: Uint8Array | null;
  sightOf(camera: CameraMount): Sight;
  /**
   * For a ground whose pictures are of an empty store: draws what the camera would have shown at that instant, which
   * is not long past. Null where pictures show what was seen.
   */
  drawn(camera: CameraMount, atMs: number): (() => Uint8Array) | null;
  /** When nothing more is to be seen; null while that is not known. */
  readonly endMs: number | null;
  /** Takes in the truth up to the end. */
  reachEnd(): void;
  close(): Promise<void>;
}

/** Faces that the service keeps, by their ids and by whose they are. */

import type { KnownFace } from '../faces/face-ids.js';
import type { Gallery } from '../faces/recognition.js';
import { FaceApiFailure } from '../failure.js';

export interface PersistedFace extends KnownFace {
  /** Rises from face to face of a gallery: training covers all faces up to one of them. */
  readonly ordinal: number;
  readonly userData: string | null;
}

export type NewFace<Face extends PersistedFace> = Omit<Face, 'ordinal'>;

export class PersistedFaces<Face extends PersistedFace = PersistedFace> {
  private readonly byId = new Map<string, Face>();
  private readonly byIdentity = new Map<string, readonly Face[]>();
  private nextOrdinal = 0;

  /** In the order in which they were added. */
  get all(): readonly Face[] {
    return [...this.byId.values()];
  }

  get size(): number {
    return this.byId.size;
  }

  /** Of the face that was added last; -1 before the first. */
  get lastOrdinal(): number {
    return this.nextOrdinal - 1;
  }

  add(face: NewFace<Face>): void {
    this.put({ ...face, ordinal: this.nextOrdinal++ } as Face);
  }

  /** @throws FaceApiFailure 404 `PersistedFaceNotFound`. */
  get(id: string): Face {
    const face = this.byId.get(id);
    if (face === undefined)
      throw new FaceApiFailure(404, 'PersistedFaceNotFound', 'Persisted face is not found.');
    return face;
  }

  /** @throws FaceApiFailure 404 `PersistedFaceNotFound`. */
  annotate(id: string, userData: string | null): void {
    const face = this.get(id);
    this.remove(id);
    this.put({ ...face, userData });
  }

  /** @throws FaceApiFailure 404 `PersistedFaceNotFound`. */
  remove(id: string): void {
    const face = this.get(id);
    this.byId.delete(id);
    const others = this.ofIdentity(face.identity).filter((other) => other.id !== id);
    if (others.length === 0) this.byIdentity.delete(face.identity);
    else this.byIdentity.set(face.identity, others);
  }

  /** The faces as recognition sees them: of a gallery that is trained, those up to the last it was trained with. */
  gallery(id: string, lastOrdinal = this.lastOrdinal): Gallery<Face> {
    const known = (face: Face) => face.ordinal <= lastOrdinal;
    const everybody = () => this.all.filter(known);
    return {
      id,
      size: this.size,
      get faces() {
        return everybody();
      },
      facesOf: (identity) => this.ofIdentity(identity).filter(known),
    };
  }

  private put(face: Face): void {
    this.byId.set(face.id, face);
    this.byIdentity.set(face.identity, [...this.ofIdentity(face.identity), face]);
  }

  private ofIdentity(identity: string): readonly Face[] {
    return this.byIdentity.get(identity) ?? [];
  }
}

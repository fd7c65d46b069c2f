/** A list of faces that nobody has named: small and always ready, or large and trained before use. */

import type { RecognitionModel } from '../faces/detect-parameters.js';
import { quotaExceeded } from '../failure.js';
import type { NamedGallery } from './galleries.js';
import type { GalleryKind } from './kinds.js';
import { type NewFace, type PersistedFace, PersistedFaces } from './persisted-faces.js';
import { Training } from './training.js';

export interface GalleryTexts {
  readonly id: string;
  readonly recognitionModel: RecognitionModel;
  readonly name: string;
  readonly userData: string | null;
}

export class FaceList implements NamedGallery {
  readonly id: string;
  readonly recognitionModel: RecognitionModel;
  name: string;
  userData: string | null;
  readonly faces = new PersistedFaces();
  /** Matters to large lists only. */
  readonly training: Training;
  private readonly kind: GalleryKind;

  constructor(kind: GalleryKind, { id, recognitionModel, name, userData }: GalleryTexts) {
    this.kind = kind;
    this.id = id;
    this.recognitionModel = recognitionModel;
    this.name = name;
    this.userData = userData;
    this.training = new Training(kind);
  }

  /** @throws FaceApiFailure 403 `QuotaExceeded` when the list is full. */
  add(face: NewFace<PersistedFace>): void {
    if (this.faces.size >= this.kind.mostMembers) throw quotaExceeded(this.kind.tooManyMembers);
    this.faces.add(face);
  }
}

/** All galleries of one kind, by their ids. */

import type { RecognitionModel } from '../faces/detect-parameters.js';
import { badArgument, FaceApiFailure, quotaExceeded } from '../failure.js';
import type { GalleryKind } from './kinds.js';

/** What all galleries have. */
export interface NamedGallery {
  readonly id: string;
  readonly recognitionModel: RecognitionModel;
  name: string;
  userData: string | null;
}

const GALLERY_ID = /^[a-z0-9-_]{1,64}$/;

export class Galleries<Gallery extends NamedGallery> {
  readonly kind: GalleryKind;
  private readonly byId = new Map<string, Gallery>();

  constructor(kind: GalleryKind) {
    this.kind = kind;
  }

  /** In the order of their ids. */
  get all(): readonly Gallery[] {
    return [...this.byId.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  /** @throws FaceApiFailure 404 `…NotFound`; `status` 400 is for galleries that a body names. */
  get(id: string, status: 400 | 404 = 404): Gallery {
    const { code, words } = this.kind;
    if (!GALLERY_ID.test(id)) {
      throw status === 404
        ? new FaceApiFailure(404, `${code}NotFound`, `${words} ID is invalid.`)
        : this.invalidId();
    }
    const gallery = this.byId.get(id);
    if (gallery === undefined) throw new FaceApiFailure(status, `${code}NotFound`, `${words} is not found.`);
    return gallery;
  }

  /** @throws FaceApiFailure 400 `BadArgument` for an id with other characters, or a longer one. */
  checkId(id: string): void {
    if (!GALLERY_ID.test(id)) throw this.invalidId();
  }

  /** @throws FaceApiFailure 409 `…Exists` or 403 `QuotaExceeded`. */
  create(gallery: Gallery): void {
    const { code, mostGalleries, tooManyGalleries, words } = this.kind;
    if (this.byId.has(gallery.id)) throw new FaceApiFailure(409, `${code}Exists`, `${words} already exists.`);
    if (this.byId.size >= mostGalleries) throw quotaExceeded(tooManyGalleries);
    this.byId.set(gallery.id, gallery);
  }

  /** @throws FaceApiFailure 404 `…NotFound`. */
  remove(id: string): void {
    this.get(id);
    this.byId.delete(id);
  }

  private invalidId(): FaceApiFailure {
    return badArgument(
      `${this.kind.words} ID is invalid. Valid character is English letter in lower case, digit, '-' or '_'. Maximum length is 64.`,
    );
  }
}

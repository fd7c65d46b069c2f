/** Face lists: at most 64, each of at most 1,000 persisted faces. */
import type { RecognitionModel } from './detect-parameters.js';
import type { KnownFace } from './face-ids.js';
import { badArgument, FaceApiFailure, quotaExceeded } from './failure.js';

const MOST_LISTS = 64;
const MOST_FACES_IN_A_LIST = 1000;
const LIST_ID = /^[a-z0-9-_]{1,64}$/;

export interface PersistedFace extends KnownFace {
  readonly userData: string | null;
}

export class FaceList {
  readonly id: string;
  readonly recognitionModel: RecognitionModel;
  name: string;
  userData: string | null;
  private readonly byId = new Map<string, PersistedFace>();
  private readonly byIdentity = new Map<string, readonly PersistedFace[]>();

  constructor(id: string, recognitionModel: RecognitionModel, name: string, userData: string | null) {
    this.id = id;
    this.recognitionModel = recognitionModel;
    this.name = name;
    this.userData = userData;
  }

  /** In the order in which they were added. */
  get faces(): readonly PersistedFace[] {
    return [...this.byId.values()];
  }

  get size(): number {
    return this.byId.size;
  }

  facesOf(identity: string): readonly PersistedFace[] {
    return this.byIdentity.get(identity) ?? [];
  }

  /** @throws FaceApiFailure 403 `QuotaExceeded` when the list is full. */
  add(face: PersistedFace): void {
    if (this.byId.size >= MOST_FACES_IN_A_LIST) throw quotaExceeded('Persisted face number reached limit.');
    this.byId.set(face.id, face);
    this.byIdentity.set(face.identity, [...this.facesOf(face.identity), face]);
  }

  /** @throws FaceApiFailure 404 `PersistedFaceNotFound`. */
  remove(id: string): void {
    const face = this.byId.get(id);
    if (face === undefined)
      throw new FaceApiFailure(404, 'PersistedFaceNotFound', 'Persisted face is not found.');
    this.byId.delete(id);
    this.byIdentity.set(
      face.identity,
      this.facesOf(face.identity).filter((other) => other.id !== id),
    );
  }
}

export class FaceLists {
  private readonly lists = new Map<string, FaceList>();

  /** In the order of their ids. */
  get all(): readonly FaceList[] {
    return [...this.lists.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  find(id: string): FaceList | undefined {
    return this.lists.get(id);
  }

  /** @throws FaceApiFailure 404 `FaceListNotFound`. */
  get(id: string): FaceList {
    const list = this.lists.get(id);
    if (list === undefined) throw new FaceApiFailure(404, 'FaceListNotFound', 'Face list is not found.');
    return list;
  }

  /** @throws FaceApiFailure 409 `FaceListExists` or 403 `QuotaExceeded`. */
  create(list: FaceList): void {
    if (this.lists.has(list.id)) throw new FaceApiFailure(409, 'FaceListExists', 'Face list already exists.');
    if (this.lists.size >= MOST_LISTS) throw quotaExceeded('Face List number reached limit.');
    this.lists.set(list.id, list);
  }

  /** @throws FaceApiFailure 404 `FaceListNotFound`. */
  remove(id: string): void {
    this.get(id);
    this.lists.delete(id);
  }
}

/** @throws FaceApiFailure 400 `BadArgument` for an id with other characters, or a longer one. */
export function checkListId(id: string): void {
  if (!LIST_ID.test(id))
    throw badArgument(
      "Face list ID is invalid. Valid character is English letter in lower case, digit, '-' or '_'. Maximum length is 64.",
    );
}

/** A group of persons, each with a name and faces; trained before anyone is identified with it. */

import type { RecognitionModel } from '../faces/detect-parameters.js';
import { FaceApiFailure, quotaExceeded } from '../failure.js';
import type { GalleryTexts } from './face-list.js';
import type { NamedGallery } from './galleries.js';
import type { GalleryKind } from './kinds.js';
import { type NewFace, type PersistedFace, PersistedFaces } from './persisted-faces.js';
import { Training } from './training.js';

export interface Person {
  readonly id: string;
  name: string;
  userData: string | null;
  readonly faceIds: Set<string>;
}

export interface FaceOfPerson extends PersistedFace {
  readonly personId: string;
}

const MOST_FACES_OF_A_PERSON = 248;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export class PersonGroup implements NamedGallery {
  readonly id: string;
  readonly recognitionModel: RecognitionModel;
  name: string;
  userData: string | null;
  /** Of all its persons. */
  readonly faces = new PersistedFaces<FaceOfPerson>();
  readonly training: Training;
  private readonly kind: GalleryKind;
  private readonly personsById = new Map<string, Person>();

  constructor(kind: GalleryKind, { id, recognitionModel, name, userData }: GalleryTexts) {
    this.kind = kind;
    this.id = id;
    this.recognitionModel = recognitionModel;
    this.name = name;
    this.userData = userData;
    this.training = new Training(kind);
  }

  /** In the order of their ids. */
  get persons(): readonly Person[] {
    return [...this.personsById.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  /** @throws FaceApiFailure 404 `PersonNotFound`. */
  person(id: string): Person {
    if (!UUID.test(id)) throw new FaceApiFailure(404, 'PersonNotFound', 'Person ID is invalid.');
    const person = this.personsById.get(id.toLowerCase());
    if (person === undefined) throw new FaceApiFailure(404, 'PersonNotFound', `Person ${id} is not found.`);
    return person;
  }

  /** @throws FaceApiFailure 403 `QuotaExceeded`. */
  addPerson(id: string, name: string, userData: string | null): void {
    if (this.personsById.size >= this.kind.mostMembers) throw quotaExceeded(this.kind.tooManyMembers);
    this.personsById.set(id, { id, name, userData, faceIds: new Set() });
  }

  /** @throws FaceApiFailure 404 `PersonNotFound`. */
  removePerson(id: string): void {
    const person = this.person(id);
    for (const faceId of person.faceIds) this.faces.remove(faceId);
    this.personsById.delete(person.id);
  }

  /** @throws FaceApiFailure 403 `QuotaExceeded`. */
  addFace(person: Person, face: NewFace<PersistedFace>): void {
    if (person.faceIds.size >= MOST_FACES_OF_A_PERSON)
      throw quotaExceeded('Persisted face number reached limit.');
    this.faces.add({ ...face, personId: person.id });
    person.faceIds.add(face.id);
  }

  /** @throws FaceApiFailure 404 `PersistedFaceNotFound` when it is no face of this person. */
  faceOf(person: Person, faceId: string): FaceOfPerson {
    if (!person.faceIds.has(faceId))
      throw new FaceApiFailure(404, 'PersistedFaceNotFound', `Persisted face ${faceId} is not found.`);
    return this.faces.get(faceId);
  }

  /** @throws FaceApiFailure 404 `PersistedFaceNotFound`. */
  removeFace(person: Person, faceId: string): void {
    this.faceOf(person, faceId);
    this.faces.remove(faceId);
    person.faceIds.delete(faceId);
  }
}

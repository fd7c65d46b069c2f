/**
 * Whose faces are in pictures, by local models: age, gender and emotion are what the models read, and who is whom
 * follows from the faces' descriptors, which are forgotten with the run. Pictures are told before the Face API is
 * asked about them; its answers are then made from this.
 */
import type { FaceAttributes, Persona } from '../../../fixtures/face/persona.js';
import { LANDMARKS } from '../../../fixtures/face/persona.js';
import { EMOTIONS, type PixelBox } from '../../../pipeline/boundaries.js';
import { AnsweringWorker } from '../../kernel/answering-worker.js';
import { workerEntry } from '../../kernel/worker-entry.js';
import { pictureSha256 } from '../faces/picture-hash.js';
import type { FaceSubject, SubjectLookup } from '../faces/subject.js';
import type { LocalFace } from './face-reader.js';

export interface PictureToRead {
  readonly jpeg: Uint8Array;
  /** Bodies, near whose tops faces are; or nothing is known of the picture. */
  readonly people: readonly PixelBox[] | 'anywhere';
}

/** Where the faces come from, for fixtures and reports. */
export const LOCAL_FACES = 'local models of @vladmandic/human';
/** Two faces whose descriptors are at least this much alike are one person's: about 4 % errors of either kind. */
const SAME_PERSON = 0.53;
/** Pictures whose faces are still remembered. */
const REMEMBERED_PICTURES = 500;

interface KnownPerson {
  readonly identity: string;
  readonly descriptor: readonly number[];
}

export class LocalFaces {
  private readonly worker: AnsweringWorker<PictureToRead, readonly LocalFace[]>;
  private readonly known: KnownPerson[] = [];
  private readonly pictures = new Map<string, readonly FaceSubject[]>();
  private faces = 0;

  private constructor(worker: LocalFaces['worker']) {
    this.worker = worker;
  }

  /** Rejects with `FF_MODEL_SOURCE_MISSING` when the models are not there. */
  static async open(): Promise<LocalFaces> {
    const entry = workerEntry(import.meta.url, './local-faces-worker.js');
    const worker: LocalFaces['worker'] = new AnsweringWorker("the face models' thread", entry, null);
    try {
      await worker.ready;
    } catch (error) {
      await worker.close();
      throw error;
    }
    return new LocalFaces(worker);
  }

  /** What the Face stand-in may know of a picture. */
  readonly subjects: SubjectLookup = (sha256) => this.pictures.get(sha256);

  /** Faces that were read so far. */
  get count(): number {
    return this.faces;
  }

  async read(picture: PictureToRead): Promise<void> {
    const faces = await this.worker.ask(picture);
    this.faces += faces.length;
    this.pictures.set(
      pictureSha256(picture.jpeg),
      faces.map((face) => this.subjectOf(face)),
    );
    const [oldest] = this.pictures.keys();
    if (this.pictures.size > REMEMBERED_PICTURES && oldest !== undefined) this.pictures.delete(oldest);
  }

  close(): Promise<void> {
    return this.worker.close();
  }

  private subjectOf(face: LocalFace): FaceSubject {
    const identity = this.identityOf(face.descriptor);
    return {
      personaId: identity,
      persona: personaOf(identity, face),
      identity,
      reaction: 'neutral',
      box: face.box,
      facePixels: Math.min(face.box.width, face.box.height),
      yawDegrees: 0,
      quality: 1,
    };
  }

  private identityOf(descriptor: readonly number[]): string {
    let best: KnownPerson | null = null;
    let bestLikeness = SAME_PERSON;
    for (const person of this.known) {
      const likeness = product(person.descriptor, descriptor);
      if (likeness < bestLikeness) continue;
      best = person;
      bestLikeness = likeness;
    }
    if (best !== null) return best.identity;
    const identity = `local-face-${this.known.length + 1}`;
    this.known.push({ identity, descriptor });
    return identity;
  }
}

function product(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}

/** What the models do not read has the value that says nothing. */
function personaOf(id: string, { ageYears, emotion, gender }: LocalFace): Persona {
  const faceAttributes: FaceAttributes = {
    smile: emotion.happiness,
    headPose: { pitch: 0, roll: 0, yaw: 0 },
    gender,
    age: ageYears,
    facialHair: { moustache: 0, beard: 0, sideburns: 0 },
    glasses: 'NoGlasses',
    emotion,
    blur: { blurLevel: 'low', value: 0 },
    exposure: { exposureLevel: 'goodExposure', value: 0.5 },
    noise: { noiseLevel: 'low', value: 0 },
    makeup: { eyeMakeup: false, lipMakeup: false },
    accessories: [],
    occlusion: { foreheadOccluded: false, eyeOccluded: false, mouthOccluded: false },
    hair: { bald: 0, invisible: false, hairColor: [] },
  };
  const recording = {
    faceId: '00000000-0000-4000-8000-000000000000',
    faceRectangle: { top: 0, left: 0, width: 1, height: 1 },
    faceAttributes,
  };
  return {
    id,
    displayName: LOCAL_FACES,
    age: Math.round(ageYears),
    gender,
    landmarks: new Array<number>(2 * LANDMARKS.length).fill(0.5),
    recordings: Object.fromEntries(
      EMOTIONS.map((reaction) => [reaction, recording]),
    ) as Persona['recordings'],
  };
}

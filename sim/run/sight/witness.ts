/**
 * The witness stands beside every camera and knows who truly is in view. It never tells the pipeline; it tells
 * the attribution what each look showed and each picture holds, and the Face stand-in whose faces those are.
 */
import type { Emotion, PictureMetadata } from '../../../pipeline/boundaries.js';
import { type FaceSubject, pictureSha256, type SubjectLookup } from '../../face-api/index.js';
import type { Attribution } from '../truth/attribution.js';
import type { WitnessedLook, WitnessedPerson } from './witnessed-look.js';

/** The face that a shopper shows who reacts so; null when nobody of that number is known. */
export type FaceOf = (
  shopper: number,
  reaction: Emotion | null,
) => Omit<FaceSubject, 'box' | 'facePixels' | 'yawDegrees' | 'quality'> | null;

/** Analysed pictures whose faces are still remembered: a Function that fails late asks for one again. */
const REMEMBERED_PICTURES = 500;
const NOTHING_WITNESSED: WitnessedLook = { objects: [], shoppersUnder: [], people: [] };

export interface WitnessOptions {
  readonly attribution: Attribution;
  readonly sectionOf: (cameraId: string) => string;
  readonly windowEndMs: (atMs: number) => number;
  readonly faceOf: FaceOf;
  /** The mood, in [-1, 1], that a face of that persona shows when it reacts so. */
  readonly moodOf: (personaId: string, reaction: Emotion) => number;
}

export class Witness {
  private readonly options: WitnessOptions;
  private readonly lastLooks = new Map<string, { readonly atMs: number; readonly look: WitnessedLook }>();
  private readonly faces = new Map<string, readonly FaceSubject[]>();
  private readonly hashes = new Map<string, string>();
  private readonly analysed: string[] = [];
  private looksTaken = 0;
  private moodSum = 0;
  private moods = 0;

  constructor(options: WitnessOptions) {
    this.options = options;
  }

  get looks(): number {
    return this.looksTaken;
  }

  /** What the Face stand-in may know of a picture. */
  readonly subjects: SubjectLookup = (sha256) => this.faces.get(sha256);

  looked(cameraId: string, atMs: number, look: WitnessedLook): void {
    const { attribution, sectionOf, windowEndMs } = this.options;
    const { people, shoppersUnder } = look;
    this.looksTaken++;
    this.lastLooks.set(cameraId, { atMs, look });
    if (people.length === 0) return;
    attribution.looked(
      windowEndMs(atMs),
      sectionOf(cameraId),
      people.map(({ shopper }) => shopper),
      shoppersUnder.filter((shopper) => shopper !== null),
    );
  }

  /** `takenAtMs` is the true time; the metadata say what the camera took it to be. */
  captured(metadata: PictureMetadata, jpeg: Uint8Array, takenAtMs: number): void {
    const { cameraId, capturedAt, section, people } = metadata;
    const last = this.lastLooks.get(cameraId);
    const look = last?.atMs === takenAtMs ? last.look : NOTHING_WITNESSED;
    this.options.attribution.captured({
      picture: pictureKey(cameraId, capturedAt),
      section,
      windowEndMs: this.options.windowEndMs(takenAtMs),
      people: people.map((object) => look.shoppersUnder[look.objects.indexOf(object)] ?? null),
    });
    const sha256 = pictureSha256(jpeg);
    this.hashes.set(pictureKey(cameraId, capturedAt), sha256);
    this.faces.set(sha256, this.facesIn(look.people));
  }

  /** The mean mood of everybody in the pictures, whether or not their faces can be read. */
  meanMood(): number {
    return this.moods === 0 ? 0 : this.moodSum / this.moods;
  }

  /** The events of a picture have arrived: its faces need not be known much longer. */
  arrived(picture: string): void {
    this.analysed.push(picture);
    if (this.analysed.length <= REMEMBERED_PICTURES) return;
    const oldest = this.analysed.shift() ?? '';
    this.faces.delete(this.hashes.get(oldest) ?? '');
    this.hashes.delete(oldest);
  }

  /** The faces that can be seen; the mood of everybody is noted. */
  private facesIn(people: readonly WitnessedPerson[]): readonly FaceSubject[] {
    const { faceOf, moodOf } = this.options;
    return people.flatMap(({ shopper, face, reaction: shown }) => {
      const who = faceOf(shopper, shown);
      if (who === null) return [];
      this.moodSum += moodOf(who.personaId, who.reaction);
      this.moods++;
      if (!face.visible) return [];
      const { headBox, sizePixels, yawDegrees, hiddenShare } = face;
      const { personaId, identity, reaction } = who;
      const quality = 1 - hiddenShare;
      return [{ personaId, identity, reaction, box: headBox, facePixels: sizePixels, yawDegrees, quality }];
    });
  }
}

/** Names a picture by what every event of it carries. */
export function pictureKey(cameraId: string, capturedAt: string): string {
  return `${cameraId} ${capturedAt}`;
}

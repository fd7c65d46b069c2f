/**
 * The witness stands beside every camera and knows who truly is in view. It never tells the pipeline; it tells
 * the attribution what each look showed and each picture holds, and the Face stand-in whose faces those are.
 */
import type { AnonymousEvent, Emotion, PictureMetadata } from '../../../pipeline/boundaries.js';
import { type FaceSubject, pictureSha256, type SubjectLookup } from '../../face-api/index.js';
import type { Attribution } from '../truth/attribution.js';
import type { WitnessedLook, WitnessedPerson } from './witnessed-look.js';

/** What an event should say of a face. */
export type FaceReading = Pick<AnonymousEvent, 'ageBand' | 'gender' | 'emotion' | 'emotionScore'>;

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
  /** What a face of that persona shows when it reacts so; null when nothing was recorded of it. */
  readonly readingOf: (personaId: string, reaction: Emotion) => FaceReading | null;
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
  private facesRead = 0;
  private facesMisread = 0;
  /** What the face of each person in a picture shows; null for a box without one. */
  private readonly readings = new Map<string, readonly (FaceReading | null)[]>();

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
    const picture = pictureKey(cameraId, capturedAt);
    const shoppers = people.map((object) => look.shoppersUnder[look.objects.indexOf(object)] ?? null);
    const windowEndMs = this.options.windowEndMs(takenAtMs);
    this.options.attribution.captured({ picture, section, windowEndMs, people: shoppers });
    const shown = this.facesIn(look.people);
    const sha256 = pictureSha256(jpeg);
    this.hashes.set(picture, sha256);
    this.faces.set(
      sha256,
      [...shown.values()].map(({ subject }) => subject),
    );
    this.readings.set(
      picture,
      shoppers.map((shopper) => (shopper === null ? null : (shown.get(shopper)?.reading ?? null))),
    );
  }

  /** The mean mood of everybody in the pictures, whether or not their faces can be read. */
  meanMood(): number {
    return this.moods === 0 ? 0 : this.moodSum / this.moods;
  }

  /** Faces that the pipeline read, and those of them of which it told something else than they show. */
  get reading(): { readonly faces: number; readonly misread: number } {
    return { faces: this.facesRead, misread: this.facesMisread };
  }

  /** The events of a picture have arrived, in the order of its people: its faces need not be known much longer. */
  arrived(picture: string, events: readonly (FaceReading & Pick<AnonymousEvent, 'analyzed'>)[]): void {
    const shown = this.readings.get(picture) ?? [];
    this.readings.delete(picture);
    shown.forEach((reading, person) => {
      const event = events[person];
      if (event?.analyzed !== true) return;
      this.facesRead++;
      if (reading === null || !isSameReading(event, reading)) this.facesMisread++;
    });
    this.analysed.push(picture);
    if (this.analysed.length <= REMEMBERED_PICTURES) return;
    const oldest = this.analysed.shift() ?? '';
    this.faces.delete(this.hashes.get(oldest) ?? '');
    this.hashes.delete(oldest);
  }

  /** The faces that can be seen, by shopper; the mood of everybody is noted. */
  private facesIn(people: readonly WitnessedPerson[]): ReadonlyMap<number, ShownFace> {
    const { faceOf, readingOf } = this.options;
    const shown = new Map<number, ShownFace>();
    for (const { shopper, face, reaction } of people) {
      const who = faceOf(shopper, reaction);
      if (who === null) continue;
      const reading = readingOf(who.personaId, who.reaction);
      this.moodSum += reading?.emotionScore ?? 0;
      this.moods++;
      if (!face.visible) continue;
      const { headBox, sizePixels, yawDegrees, hiddenShare } = face;
      const quality = 1 - hiddenShare;
      const subject = { ...who, box: headBox, facePixels: sizePixels, yawDegrees, quality };
      shown.set(shopper, { subject, reading });
    }
    return shown;
  }
}

interface ShownFace {
  readonly subject: FaceSubject;
  readonly reading: FaceReading | null;
}

function isSameReading(one: FaceReading, other: FaceReading): boolean {
  return (
    one.ageBand === other.ageBand &&
    one.gender === other.gender &&
    one.emotion === other.emotion &&
    one.emotionScore === other.emotionScore
  );
}

/** Names a picture by what every event of it carries. */
export function pictureKey(cameraId: string, capturedAt: string): string {
  return `${cameraId} ${capturedAt}`;
}

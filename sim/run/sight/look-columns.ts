/** Looks as columns of numbers, which pass from one thread to another at hardly any cost. */
import { type Detection, EMOTIONS } from '../../../pipeline/boundaries.js';
import type { WitnessedLook, WitnessedPerson } from './witnessed-look.js';

/** Row `n` of a look's people or objects ends where `…End[n]` says, and begins where the look before it ends. */
export interface LookColumns {
  /** Index of the camera in the plan. */
  readonly camera: Uint16Array;
  readonly atMs: Float64Array;
  readonly peopleEnd: Uint32Array;
  readonly objectsEnd: Uint32Array;
  /** Of the look's picture, hex; empty where it has none. */
  readonly pictureSha256: readonly string[];
  readonly shopper: Uint32Array;
  /** Index into `EMOTIONS`, -1 for none. */
  readonly reaction: Int8Array;
  /** `FACE_NUMBERS` a person. */
  readonly face: Float64Array;
  /** `OBJECT_NUMBERS` an object. */
  readonly object: Float64Array;
  /** The shopper under an object, -1 for nobody. */
  readonly shopperUnder: Int32Array;
}

/** Box (left, top, width, height), yaw, size, hidden share. */
const FACE_NUMBERS = 7;
/** Score, box. */
const OBJECT_NUMBERS = 5;
const PERSON = 'person';
const NOBODY = -1;

export interface ForeseenLook {
  /** All its objects are persons. */
  readonly look: WitnessedLook;
  /** SHA-256 of the look's picture, hex; null where nobody was found, so that none will be taken. */
  readonly pictureSha256: string | null;
}

/** Collects looks into columns. */
export class LookRecorder {
  private readonly camera: number[] = [];
  private readonly atMs: number[] = [];
  private readonly peopleEnd: number[] = [];
  private readonly objectsEnd: number[] = [];
  private readonly pictureSha256: string[] = [];
  private readonly shopper: number[] = [];
  private readonly reaction: number[] = [];
  private readonly face: number[] = [];
  private readonly object: number[] = [];
  private readonly shopperUnder: number[] = [];

  add(camera: number, atMs: number, { look, pictureSha256 }: ForeseenLook): void {
    for (const { shopper, reaction, face } of look.people) {
      const { left, top, width, height } = face.headBox;
      this.shopper.push(shopper);
      this.reaction.push(reaction === null ? -1 : EMOTIONS.indexOf(reaction));
      this.face.push(left, top, width, height, face.yawDegrees, face.sizePixels, face.hiddenShare);
    }
    look.objects.forEach(({ score, box }, index) => {
      this.object.push(score, box.left, box.top, box.width, box.height);
      this.shopperUnder.push(look.shoppersUnder[index] ?? NOBODY);
    });
    this.camera.push(camera);
    this.atMs.push(atMs);
    this.peopleEnd.push(this.shopper.length);
    this.objectsEnd.push(this.shopperUnder.length);
    this.pictureSha256.push(pictureSha256 ?? '');
  }

  columns(): LookColumns {
    return {
      camera: Uint16Array.from(this.camera),
      atMs: Float64Array.from(this.atMs),
      peopleEnd: Uint32Array.from(this.peopleEnd),
      objectsEnd: Uint32Array.from(this.objectsEnd),
      pictureSha256: this.pictureSha256,
      shopper: Uint32Array.from(this.shopper),
      reaction: Int8Array.from(this.reaction),
      face: Float64Array.from(this.face),
      object: Float64Array.from(this.object),
      shopperUnder: Int32Array.from(this.shopperUnder),
    };
  }
}

/** The look of row `row`, as it was recorded. */
export function readLook(columns: LookColumns, row: number): ForeseenLook {
  const objects = range(columns.objectsEnd, row);
  const people = range(columns.peopleEnd, row);
  return {
    look: {
      people: rows(people, (person) => personAt(columns, person)),
      objects: rows(objects, (object) => objectAt(columns, object)),
      shoppersUnder: rows(objects, (object) => {
        const shopper = columns.shopperUnder[object] ?? NOBODY;
        return shopper === NOBODY ? null : shopper;
      }),
    },
    pictureSha256: columns.pictureSha256[row] || null,
  };
}

function range(ends: Uint32Array, row: number): readonly [number, number] {
  return [row === 0 ? 0 : (ends[row - 1] ?? 0), ends[row] ?? 0];
}

function rows<Row>([from, to]: readonly [number, number], read: (index: number) => Row): readonly Row[] {
  const found: Row[] = [];
  for (let index = from; index < to; index++) found.push(read(index));
  return found;
}

function personAt({ face, reaction, shopper }: LookColumns, person: number): WitnessedPerson {
  const first = person * FACE_NUMBERS;
  const hiddenShare = face[first + 6] ?? 1;
  return {
    shopper: shopper[person] ?? 0,
    reaction: EMOTIONS[reaction[person] ?? -1] ?? null,
    face: {
      headBox: boxAt(face, first),
      yawDegrees: face[first + 4] ?? 0,
      sizePixels: face[first + 5] ?? 0,
      hiddenShare,
      visible: hiddenShare < 1,
    },
  };
}

function objectAt({ object }: LookColumns, index: number): Detection {
  const first = index * OBJECT_NUMBERS;
  return { label: PERSON, score: object[first] ?? 0, box: boxAt(object, first + 1) };
}

function boxAt(numbers: Float64Array, first: number): Detection['box'] {
  return {
    left: numbers[first] ?? 0,
    top: numbers[first + 1] ?? 0,
    width: numbers[first + 2] ?? 0,
    height: numbers[first + 3] ?? 0,
  };
}

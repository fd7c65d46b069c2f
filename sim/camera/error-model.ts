/**
 * What the person detector would have reported, without pixels: `--vision truth`. The chance to be found follows a
 * logistic law in how tall, how hidden and how steeply seen a person is; its coefficients were fitted to pixel runs
 * (`footfall calibrate`) and stand in `error-model.json` with what the fit leaves unexplained.
 */
import type { Detection, PixelBox } from '../../pipeline/boundaries.js';
import type { RandomStream } from '../kernel/services.js';
import { clamp, exponential } from './arithmetic.js';
import type { VisiblePerson } from './visibility/visible-person.js';

/** Coefficients of the log odds of being found. */
export interface FoundCoefficients {
  readonly intercept: number;
  /** Times the natural logarithm of the height in pixels of a picture 480 lines tall. */
  readonly logPixelHeight: number;
  /** Times the natural logarithm of how many times smaller than 60 pixels somebody is; none for taller ones. */
  readonly logBelow60: number;
  readonly hiddenShare: number;
  readonly hiddenShareSquared: number;
  /** Per degree below the horizontal, and per degree beyond 45. */
  readonly elevation: number;
  readonly elevationOver45: number;
  /** Times the sine of the body's yaw: people seen from the side are narrower. */
  readonly sideView: number;
}

export interface ErrorModel {
  /** Which detector it describes. */
  readonly detector: string;
  /** What it was fitted to. */
  readonly frames: number;
  readonly people: number;
  readonly found: FoundCoefficients;
  /** Standard deviations of a box's middle and size, as shares of its own size. */
  readonly box: {
    readonly centreX: number;
    readonly centreY: number;
    readonly width: number;
    readonly height: number;
  };
  readonly score: { readonly mean: number; readonly deviation: number; readonly lowest: number };
  /** Boxes around nobody, for each person in view: they are around parts of people, or things that people pass. */
  readonly falsePositivesPerPerson: number;
  readonly residual: {
    /** Mean negative log likelihood of found or not found. */
    readonly logLoss: number;
    /** Mean squared error of the chance. */
    readonly brier: number;
    /** Mean difference between predicted and observed share, over tenths of the predictions. */
    readonly calibrationError: number;
  };
}

/** A picture's size: the model's heights refer to one 480 lines tall. */
export interface PictureSize {
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/**
 * Random streams for one look. Each person has a stream of their own, so that whether one is found never depends
 * on who else is there; the look's own stream decides the boxes around nobody.
 */
export interface LookRandomness {
  person(shopper: number): RandomStream;
  look(): RandomStream;
}

const REFERENCE_HEIGHT = 480;
/** From here down, size costs more than in proportion. */
const SMALL_PIXELS = 60;
/** Less of somebody than this is not a sighting, as in the pixel runs. */
export const LEAST_VISIBLE_PIXELS = 30;
/** Values of the terms of the logistic law, in the order of `FOUND_TERMS`. */
export const FOUND_TERMS = [
  'intercept',
  'logPixelHeight',
  'logBelow60',
  'hiddenShare',
  'hiddenShareSquared',
  'elevation',
  'elevationOver45',
  'sideView',
] as const satisfies readonly (keyof FoundCoefficients)[];

export function foundTerms(person: VisiblePerson, picture: PictureSize): readonly number[] {
  const height = (person.pixelHeight * REFERENCE_HEIGHT) / picture.heightPixels;
  return [
    1,
    naturalLogarithm(Math.max(1, height)),
    naturalLogarithm(Math.max(1, SMALL_PIXELS / Math.max(1, height))),
    person.hiddenShare,
    person.hiddenShare * person.hiddenShare,
    person.elevationDegrees,
    Math.max(0, person.elevationDegrees - 45),
    1 - Math.abs(person.bodyYawDegrees / 90 - 1),
  ];
}

/** The chance in [0, 1] that the detector finds this person in one look. */
export function chanceFound(model: ErrorModel, person: VisiblePerson, picture: PictureSize): number {
  const terms = foundTerms(person, picture);
  const logOdds = FOUND_TERMS.reduce((sum, name, i) => sum + model.found[name] * (terms[i] ?? 0), 0);
  return 1 / (1 + exponential(clamp(-logOdds, -25, 25)));
}

/** A detection, and whom it is of; null for a box around nobody. */
export interface ModelledDetection {
  readonly detection: Detection;
  readonly shopper: number | null;
}

/** What the detector reports of one look, best first, and whom each box is of. */
export function detectionsOf(
  model: ErrorModel,
  people: readonly VisiblePerson[],
  picture: PictureSize,
  randomness: LookRandomness,
): readonly ModelledDetection[] {
  const found: ModelledDetection[] = [];
  const inView = people.filter(({ visiblePixels }) => visiblePixels >= LEAST_VISIBLE_PIXELS);
  for (const person of inView) {
    const random = randomness.person(person.shopper);
    if (!random.chance(chanceFound(model, person, picture))) continue;
    const box = insidePicture(jittered(model, person.box, random), picture);
    if (box)
      found.push({
        detection: { label: 'person', score: scoreOf(model, random), box },
        shopper: person.shopper,
      });
  }
  const random = randomness.look();
  if (random.chance(Math.min(1, model.falsePositivesPerPerson * inView.length))) {
    const box = insidePicture(boxAroundNobody(picture, random), picture);
    if (box) found.push({ detection: { label: 'person', score: model.score.lowest, box }, shopper: null });
  }
  return found.sort(
    (a, b) => b.detection.score - a.detection.score || a.detection.box.left - b.detection.box.left,
  );
}

function jittered(model: ErrorModel, box: PixelBox, random: RandomStream): PixelBox {
  const width = box.width * Math.max(0.5, random.normal(1, model.box.width));
  const height = box.height * Math.max(0.5, random.normal(1, model.box.height));
  const middleX = box.left + box.width / 2 + box.width * random.normal(0, model.box.centreX);
  const middleY = box.top + box.height / 2 + box.height * random.normal(0, model.box.centreY);
  return { left: middleX - width / 2, top: middleY - height / 2, width, height };
}

function scoreOf(model: ErrorModel, random: RandomStream): number {
  const { mean, deviation, lowest } = model.score;
  return Math.round(clamp(random.normal(mean, deviation), lowest, 0.99) * 1000) / 1000;
}

/** As tall as somebody a few metres away: clothes on a rail, a poster. */
function boxAroundNobody(picture: PictureSize, random: RandomStream): PixelBox {
  const height = picture.heightPixels * random.between(0.12, 0.35);
  const width = height * random.between(0.3, 0.5);
  return {
    left: random.between(0, picture.widthPixels - width),
    top: random.between(picture.heightPixels * 0.1, picture.heightPixels - height),
    width,
    height,
  };
}

/** The part within the picture, in hundredths of pixels; undefined when nothing of it is. */
function insidePicture(box: PixelBox, picture: PictureSize): PixelBox | undefined {
  const left = hundredths(Math.max(0, box.left));
  const top = hundredths(Math.max(0, box.top));
  const right = hundredths(Math.min(picture.widthPixels, box.left + box.width));
  const bottom = hundredths(Math.min(picture.heightPixels, box.top + box.height));
  if (right <= left || bottom <= top) return undefined;
  return { left, top, width: hundredths(right - left), height: hundredths(bottom - top) };
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

/** From + - * / alone, for arguments of at least 1: halves the argument, then the series of artanh. */
function naturalLogarithm(value: number): number {
  let halvings = 0;
  let rest = value;
  while (rest > Math.SQRT2) {
    rest /= 2;
    halvings++;
  }
  const t = (rest - 1) / (rest + 1);
  const s = t * t;
  return halvings * Math.LN2 + 2 * t * (1 + s * (1 / 3 + s * (1 / 5 + s * (1 / 7 + s / 9))));
}

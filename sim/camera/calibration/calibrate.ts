/** Fits the error model of truth sight to pixel runs, and says how well it does on scenes it was not fitted to. */
import {
  type ErrorModel,
  FOUND_TERMS,
  type FoundCoefficients,
  foundTerms,
  type PictureSize,
} from '../error-model.js';
import { fitLogistic, logisticChance, type Observation } from './logistic-fit.js';
import type { PixelRun, PixelSighting } from './pixel-runs.js';

/** Every fifth scene is kept from the fit, to judge it by. */
const HOLD_OUT_EVERY = 5;
const PICTURE: PictureSize = { widthPixels: 640, heightPixels: 480 };
/** A box that differs more than this from the truth is of another part of the person; it would spoil the spread. */
const LARGEST_BOX_ERROR = 0.6;

export interface CalibrationSettings {
  /** Name of the detector the pixels were shown to. */
  readonly detector: string;
  /** Its threshold. */
  readonly lowestScore: number;
}

/** Throws a `RangeError` when the run found nobody or saw nobody. */
export function calibrate(run: PixelRun, settings: CalibrationSettings): ErrorModel {
  const fitted = run.sightings.filter(({ scene }) => scene % HOLD_OUT_EVERY !== 0);
  const kept = run.sightings.filter(({ scene }) => scene % HOLD_OUT_EVERY === 0);
  const coefficients = fitLogistic(fitted.map(observation));
  const scores = run.sightings.flatMap(({ score }) => (score === null ? [] : [score]));
  if (scores.length === 0) throw new RangeError('calibrate: the detector found nobody in any scene');
  return {
    detector: settings.detector,
    frames: run.frames,
    people: run.sightings.length,
    found: named(coefficients),
    box: boxSpread(run.sightings),
    score: {
      mean: rounded(mean(scores)),
      deviation: rounded(deviation(scores)),
      lowest: settings.lowestScore,
    },
    falsePositivesPerPerson: rounded(run.falsePositives / run.sightings.length),
    residual: residualOf(coefficients, kept.map(observation)),
  };
}

function observation({ person, found }: PixelSighting): Observation {
  return { terms: foundTerms(person, PICTURE), happened: found };
}

function named(coefficients: readonly number[]): FoundCoefficients {
  const value = (name: (typeof FOUND_TERMS)[number]) => rounded(coefficients[FOUND_TERMS.indexOf(name)] ?? 0);
  return {
    intercept: value('intercept'),
    logPixelHeight: value('logPixelHeight'),
    logBelow60: value('logBelow60'),
    hiddenShare: value('hiddenShare'),
    hiddenShareSquared: value('hiddenShareSquared'),
    elevation: value('elevation'),
    elevationOver45: value('elevationOver45'),
    sideView: value('sideView'),
  };
}

/** How far detected boxes lie from those that truth sight computes, as shares of the latter's size. */
function boxSpread(sightings: readonly PixelSighting[]): ErrorModel['box'] {
  const pairs = sightings.flatMap(({ box, person }) => (box ? [{ box, truth: person.box }] : []));
  const spread = (error: (pair: (typeof pairs)[number]) => number) => {
    const errors = pairs.map(error).filter((value) => Math.abs(value) < LARGEST_BOX_ERROR);
    return errors.length === 0 ? 0 : rounded(deviation(errors));
  };
  return {
    centreX: spread(
      ({ box, truth }) => (box.left + box.width / 2 - truth.left - truth.width / 2) / truth.width,
    ),
    centreY: spread(
      ({ box, truth }) => (box.top + box.height / 2 - truth.top - truth.height / 2) / truth.height,
    ),
    width: spread(({ box, truth }) => box.width / truth.width - 1),
    height: spread(({ box, truth }) => box.height / truth.height - 1),
  };
}

function residualOf(
  coefficients: readonly number[],
  observations: readonly Observation[],
): ErrorModel['residual'] {
  const judged = observations.map(({ terms, happened }) => ({
    chance: logisticChance(coefficients, terms),
    outcome: happened ? 1 : 0,
  }));
  if (judged.length === 0) return { logLoss: 0, brier: 0, calibrationError: 0 };
  return {
    logLoss: rounded(
      mean(judged.map(({ chance, outcome }) => -Math.log(outcome === 1 ? chance : 1 - chance))),
    ),
    brier: rounded(mean(judged.map(({ chance, outcome }) => (chance - outcome) * (chance - outcome)))),
    calibrationError: rounded(calibrationError(judged)),
  };
}

/** Mean distance of predicted and observed shares over tenths of the predictions, weighted by their size. */
function calibrationError(judged: readonly { readonly chance: number; readonly outcome: number }[]): number {
  let total = 0;
  for (let tenth = 0; tenth < 10; tenth++) {
    const group = judged.filter(({ chance }) => Math.min(9, Math.floor(chance * 10)) === tenth);
    if (group.length === 0) continue;
    const gap = mean(group.map(({ chance }) => chance)) - mean(group.map(({ outcome }) => outcome));
    total += Math.abs(gap) * group.length;
  }
  return total / judged.length;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) * (value - middle))));
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/** Who the shoppers are: the same person, whenever they come, has the same age, gender, height and looks. */
import { AGE_BANDS, type AgeBand } from '../../../pipeline/boundaries.js';
import type { RandomSource, RandomStream } from '../../kernel/services.js';
import type { Traffic } from './traffic.js';

export interface Person {
  /** Stable across visits. */
  readonly personId: string;
  readonly ageYears: number;
  readonly gender: 'female' | 'male';
  readonly heightMetres: number;
  /** From which looks are drawn; 32 bits. */
  readonly appearanceSeed: number;
  /** Free walking speed, before the scenario's pace. */
  readonly freeMetresPerSecond: number;
}

/** Years, both ends included. Nobody younger than four walks by themselves. */
const YEARS: Readonly<Record<AgeBand, readonly [number, number]>> = {
  '0-12': [4, 12],
  '13-17': [13, 17],
  '18-24': [18, 24],
  '25-34': [25, 34],
  '35-44': [35, 44],
  '45-54': [45, 54],
  '55-64': [55, 64],
  '65+': [65, 85],
};

/** Weidmann, "Transporttechnik der Fussgänger" (1993): free speed, mean and standard deviation. */
const FREE_SPEED_METRES_PER_SECOND = { mean: 1.34, deviation: 0.26, least: 0.7, most: 2 };

/** The person of this id; `demographics` decide what people there are. */
export function personNamed(
  personId: string,
  rng: RandomSource,
  demographics: Traffic['demographics'],
): Person {
  const random = rng(`person/${personId}`);
  const band =
    AGE_BANDS[
      weightedIndex(
        AGE_BANDS.map((name) => demographics.ages[name]),
        random,
      )
    ] ?? '25-34';
  const ageYears = random.integer(...YEARS[band]);
  const gender = random.chance(demographics.femaleShare) ? 'female' : 'male';
  const { mean, deviation, least, most } = FREE_SPEED_METRES_PER_SECOND;
  return {
    personId,
    ageYears,
    gender,
    heightMetres: heightOf(ageYears, gender, random),
    appearanceSeed: random.integer(0, 0xffffffff),
    freeMetresPerSecond: clamp(random.normal(mean, deviation), least, most),
  };
}

/** The index of one of `weights`, each as likely as it is heavy. */
export function weightedIndex(weights: readonly number[], random: RandomStream): number {
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  const found = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return Math.max(found, 0);
}

/** Adults as in European surveys; children grow about 6 cm a year. */
function heightOf(ageYears: number, gender: Person['gender'], random: RandomStream): number {
  const adult = gender === 'female' ? random.normal(1.66, 0.065) : random.normal(1.79, 0.07);
  const grown = clamp(adult, 1.45, 2.05);
  const missingYears = Math.max(0, 16 - ageYears);
  return Math.round((grown - 0.06 * missingYears) * 1000) / 1000;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/** Logistic regression by Newton's method (iteratively reweighted least squares) with a light ridge. */
import { clamp, exponential } from '../arithmetic.js';

export interface Observation {
  readonly terms: readonly number[];
  readonly happened: boolean;
}

const ITERATIONS = 30;
/** Keeps coefficients finite where the data alone would not; small beside hundreds of observations. */
const RIDGE = 0.01;
const SMALLEST_STEP = 1e-9;

/** The coefficients of the terms that make the observations likeliest. Throws a `RangeError` without data. */
export function fitLogistic(observations: readonly Observation[]): readonly number[] {
  const size = observations[0]?.terms.length;
  if (size === undefined) throw new RangeError('fitLogistic: no observations');
  let coefficients: readonly number[] = new Array<number>(size).fill(0);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const step = newtonStep(observations, coefficients);
    coefficients = coefficients.map((value, i) => value + (step[i] ?? 0));
    if (step.every((value) => Math.abs(value) < SMALLEST_STEP)) break;
  }
  return coefficients;
}

export function logisticChance(coefficients: readonly number[], terms: readonly number[]): number {
  const logOdds = coefficients.reduce((sum, value, i) => sum + value * (terms[i] ?? 0), 0);
  return 1 / (1 + exponential(clamp(-logOdds, -25, 25)));
}

function newtonStep(
  observations: readonly Observation[],
  coefficients: readonly number[],
): readonly number[] {
  const size = coefficients.length;
  const gradient = coefficients.map((value) => -RIDGE * value);
  const curvature: number[][] = coefficients.map((_, i) =>
    coefficients.map((__, j) => (i === j ? RIDGE : 0)),
  );
  for (const { terms, happened } of observations) {
    const chance = logisticChance(coefficients, terms);
    const weight = chance * (1 - chance);
    for (let i = 0; i < size; i++) {
      const term = terms[i] ?? 0;
      gradient[i] = (gradient[i] ?? 0) + term * ((happened ? 1 : 0) - chance);
      const row = curvature[i];
      for (let j = 0; row && j < size; j++) row[j] = (row[j] ?? 0) + weight * term * (terms[j] ?? 0);
    }
  }
  return solve(curvature, gradient);
}

/** Gaussian elimination with partial pivoting; the matrix is positive definite thanks to the ridge. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  const size = rows.length;
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let i = column + 1; i < size; i++)
      if (Math.abs(at(i, column)) > Math.abs(at(pivot, column))) pivot = i;
    const pivotRow = rows[pivot] ?? [];
    rows[pivot] = rows[column] ?? [];
    rows[column] = pivotRow;
    for (let i = column + 1; i < size; i++) {
      const factor = at(i, column) / (pivotRow[column] ?? 1);
      rows[i] = (rows[i] ?? []).map((value, j) => value - factor * (pivotRow[j] ?? 0));
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    let sum = at(i, size);
    for (let j = i + 1; j < size; j++) sum -= at(i, j) * (solution[j] ?? 0);
    solution[i] = sum / at(i, i);
  }
  return solution;
}

/**
 * AnomalyDetection_SpikeAndDip and AnomalyDetection_ChangePoint.
 *
 * Microsoft documents the interface (a record of Score, the p-value, and IsAnomaly) and that the models are
 * unsupervised, not how they are made. Ours are stated here in full:
 * - Spike and dip: the p-value of the newest value among the history before it, from its distance to the
 *   history's mean in standard deviations under a normal distribution, one-sided for 'spikes' and 'dips' alone,
 *   two-sided for both. It is an anomaly when the p-value is below 1 − confidence.
 * - Change point: the newest quarter of the history against the three before it; the p-value is that of the
 *   difference of their means under Welch's test, and it is an anomaly below 1 − confidence.
 * Fewer than 10 values are never an anomaly: the pages ask for a history that is long enough to learn from.
 */
import { float, type Value } from '../engine/values.js';

const MIN_HISTORY = 10;

export interface DetectorPlan {
  readonly detector: 'spikeAndDip' | 'changePoint';
  /** In percent. */
  readonly confidence: number;
  readonly mode: 'spikes' | 'dips' | 'spikesanddips';
}

/** Judges the newest of `values`. NaN stands for what was no number. */
export function detectAnomaly(plan: DetectorPlan, values: readonly number[]): Value {
  const known = values.filter((value) => !Number.isNaN(value));
  const pValue =
    known.length < MIN_HISTORY
      ? 1
      : plan.detector === 'changePoint'
        ? changePoint(known)
        : spike(plan, known);
  const isAnomaly = pValue < 1 - plan.confidence / 100;
  return { Score: float(pValue), IsAnomaly: isAnomaly ? 1 : 0 };
}

function spike(plan: DetectorPlan, values: readonly number[]): number {
  const newest = values[values.length - 1] ?? 0;
  const { mean, deviation } = moments(values.slice(0, -1));
  if (deviation === 0) return newest === mean || !isWanted(plan.mode, newest - mean) ? 1 : 0;
  const z = (newest - mean) / deviation;
  if (plan.mode === 'spikesanddips') return 2 * upperTail(Math.abs(z));
  return upperTail(plan.mode === 'spikes' ? z : -z);
}

function isWanted(mode: DetectorPlan['mode'], difference: number): boolean {
  return mode === 'spikesanddips' || (mode === 'spikes') === difference > 0;
}

function changePoint(values: readonly number[]): number {
  const from = Math.floor((values.length * 3) / 4);
  const after = moments(values.slice(from));
  const before = moments(values.slice(0, from));
  const error = Math.sqrt(before.deviation ** 2 / from + after.deviation ** 2 / (values.length - from));
  if (error === 0) return before.mean === after.mean ? 1 : 0;
  return 2 * upperTail(Math.abs(after.mean - before.mean) / error);
}

function moments(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}

/** P(Z > z) of the standard normal distribution (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}

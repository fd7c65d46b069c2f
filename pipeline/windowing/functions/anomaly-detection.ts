/**
 * The models behind AnomalyDetection_SpikeAndDip ("kernel density estimation") and AnomalyDetection_ChangePoint
 * ("exchangeability martingales"). Microsoft names the algorithms and not their parameters; these are ours:
 *
 * - p-value: the history before the value is smoothed with a normal kernel whose width is Silverman's
 *   0.9 · deviation · n^(-1/5); the p-value is the mass at or above the value ('spikes'), at or below it ('dips'),
 *   or twice the smaller of both. A value is an anomaly when its p-value is below 1 − confidence.
 * - Martingale: a bet of ε·p^(ε−1) on each of the history's two-sided p-values, multiplied up and averaged over
 *   ε = 0.1 … 0.9. When nothing changes it exceeds 1 / (1 − confidence) with a probability below 1 − confidence
 *   (Ville's inequality), which is where a change point is reported.
 *
 * With fewer than 10 values before it nothing is an anomaly.
 */

export type AnomalyMode = 'spikes' | 'dips' | 'spikesanddips';

const MIN_HISTORY = 10;
const BETS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** No single value decides alone. */
const SMALLEST_P = 1e-4;

/** How likely a value as extreme as this is after that history: in [0, 1]. */
export function kernelPValue(history: readonly number[], value: number, mode: AnomalyMode): number {
  if (history.length < MIN_HISTORY) return 1;
  const mean = history.reduce((sum, item) => sum + item, 0) / history.length;
  const variance = history.reduce((sum, item) => sum + (item - mean) ** 2, 0) / (history.length - 1);
  const width = Math.max(1e-9, 0.9 * Math.sqrt(variance) * history.length ** -0.2);
  const above = history.reduce((sum, item) => sum + upperTail((value - item) / width), 0) / history.length;
  if (mode === 'spikes') return above;
  return mode === 'dips' ? 1 - above : Math.min(1, 2 * Math.min(above, 1 - above));
}

/** The martingale of a run of p-values: 1 at the start, large when they are smaller than chance would have them. */
export function martingale(pValues: readonly number[]): number {
  const logSum = pValues.reduce((sum, p) => sum + Math.log(Math.max(p, SMALLEST_P)), 0);
  const capitals = BETS.map((bet) => Math.exp(pValues.length * Math.log(bet) + (bet - 1) * logSum));
  return capitals.reduce((sum, capital) => sum + capital, 0) / BETS.length;
}

/** P(Z ≥ z) of the standard normal distribution (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}

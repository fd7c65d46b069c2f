/** The anomaly functions as analytic functions: a record of Score and IsAnomaly for each event. */
import { type AnomalyMode, kernelPValue, martingale } from '../functions/anomaly-detection.js';
import { type Analytic, type AnalyticScope, Partitions } from './analytics.js';
import type { InputEvent, Row } from './event.js';
import { Queue } from './queue.js';
import { float, type Value } from './values/values.js';

export interface AnomalySetting {
  readonly detector: 'spikeAndDip' | 'changePoint';
  /** In percent. */
  readonly confidence: number;
  /** How many events are learnt from. */
  readonly history: number;
  readonly mode: AnomalyMode;
  readonly limitMs: number;
}

interface Seen {
  readonly timeMs: number;
  readonly value: number;
  readonly pValue: number;
}

export class AnomalyDetector implements Analytic {
  readonly stateFields = ['partitions'];
  private partitions: Partitions<Queue<Seen>>;

  constructor(
    private readonly scope: AnalyticScope,
    private readonly value: (row: Row, timeMs: number, event: InputEvent | null) => number,
    private readonly setting: AnomalySetting,
  ) {
    this.partitions = new Partitions(setting.limitMs);
  }

  evaluate(row: Row, timeMs: number, event: InputEvent | null): Value {
    const { setting } = this;
    if (this.scope.when?.(row, timeMs, event, []) === false) return null;
    const value = this.value(row, timeMs, event);
    if (Number.isNaN(value)) return null;
    const recent = this.partitions.at(
      this.scope.keys(row, timeMs, event, []),
      timeMs,
      () => new Queue<Seen>(),
    );
    for (let oldest = recent.peek(); oldest !== undefined; oldest = recent.peek()) {
      if (oldest.timeMs > timeMs - setting.limitMs && recent.size < setting.history) break;
      recent.shift();
    }
    const isSpike = setting.detector === 'spikeAndDip';
    const pValue = kernelPValue(
      [...recent].map((seen) => seen.value),
      value,
      isSpike ? setting.mode : 'spikesanddips',
    );
    recent.push({ timeMs, value, pValue });
    const share = 1 - setting.confidence / 100;
    if (isSpike) return { IsAnomaly: pValue < share ? 1 : 0, Score: float(pValue) };
    const score = martingale([...recent].map((seen) => seen.pValue));
    return { IsAnomaly: score * share > 1 ? 1 : 0, Score: float(score) };
  }
}

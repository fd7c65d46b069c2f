import * as Plot from '@observablehq/plot';
import type { LegendItem } from './chart.js';
import { MEASURED, TRUTH } from './palette.js';
import { baseline, timeAxes } from './time-axes.js';
import type { BinValue, TimeBins } from './time-bins.js';

export const TRUTH_LEGEND: readonly LegendItem[] = [
  { label: 'truth', color: TRUTH },
  { label: 'measured', color: MEASURED, kind: 'line' },
];

/** Truth as a filled shape, the measured number as a line over it: told apart by form, not only by colour. */
export function truthAndMeasured(
  bins: TimeBins,
  truth: readonly BinValue[],
  measured: readonly BinValue[],
  widthPx: number,
): Plot.PlotOptions {
  const most = Math.max(0, ...[...truth, ...measured].map(({ value }) => value));
  return {
    ...timeAxes(bins, widthPx, most),
    marks: [
      Plot.rectY(truth, { x1: 'from', x2: 'to', y: 'value', fill: TRUTH }),
      Plot.lineY(measured, { x: 'middle', y: 'value', stroke: MEASURED, strokeWidth: 2, curve: 'step' }),
      baseline(),
    ],
  };
}

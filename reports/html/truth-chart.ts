import * as Plot from '@observablehq/plot';
import { isNarrow, type LegendItem } from './chart.js';
import { MEASURED, TRUTH } from './palette.js';
import type { BinValue } from './time-bins.js';

export const TRUTH_LEGEND: readonly LegendItem[] = [
  { label: 'truth', color: TRUTH },
  { label: 'measured', color: MEASURED, kind: 'line' },
];

/** Truth as a filled shape, the measured number as a line over it: told apart by form, not only by colour. */
export function truthAndMeasured(
  truth: readonly BinValue[],
  measured: readonly BinValue[],
  widthPx: number,
): Plot.PlotOptions {
  return {
    ...timeAxes(widthPx),
    marks: [
      Plot.gridY({ stroke: 'var(--line)', strokeOpacity: 1 }),
      Plot.rectY(truth, { x1: 'from', x2: 'to', y: 'value', fill: TRUTH }),
      Plot.lineY(measured, { x: 'middle', y: 'value', stroke: MEASURED, strokeWidth: 2, curve: 'step' }),
      Plot.ruleY([0], { stroke: 'var(--soft)' }),
    ],
  };
}

/** Axes of a chart over store time. */
export function timeAxes(widthPx: number): Plot.PlotOptions {
  const narrow = isNarrow(widthPx);
  return {
    height: narrow ? 190 : 230,
    marginLeft: narrow ? 40 : 48,
    marginRight: 16,
    marginTop: 14,
    x: { type: 'utc', label: null, ticks: narrow ? 4 : 8 },
    y: { label: null, nice: true, ticks: 5 },
  };
}

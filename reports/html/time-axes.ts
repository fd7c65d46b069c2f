import * as Plot from '@observablehq/plot';
import { isNarrow } from './chart.js';
import { compact } from './figures.js';
import type { TimeBins } from './time-bins.js';

const MOST_TICKS = 5;

/**
 * Size and axes of a chart over store time, from the run's beginning to its end. `most` is the largest number
 * shown, where all are whole: their axis then has no fractions.
 */
export function timeAxes(bins: TimeBins, widthPx: number, most = MOST_TICKS): Plot.PlotOptions {
  const narrow = isNarrow(widthPx);
  return {
    height: narrow ? 190 : 230,
    marginLeft: narrow ? 40 : 48,
    marginRight: 22,
    marginTop: 14,
    x: { type: 'utc', label: null, domain: timeDomain(bins), ticks: narrow ? 4 : 8, tickFormat: timeOfDay },
    y: {
      label: null,
      grid: true,
      nice: true,
      ticks: Math.max(1, Math.min(MOST_TICKS, most)),
      tickFormat: compact,
    },
  };
}

/** From the first bin's beginning to the last one's end. */
export function timeDomain({ startsMs, widthMs }: TimeBins): [Date, Date] {
  return [new Date(startsMs[0] ?? 0), new Date((startsMs.at(-1) ?? 0) + widthMs)];
}

export function baseline(): Plot.Markish {
  return Plot.ruleY([0], { stroke: 'var(--soft)' });
}

/** `10:00`, `10:00:30` between minutes, and the day at midnight. */
function timeOfDay(time: Date): string {
  const iso = time.toISOString();
  if (iso.slice(11, 19) === '00:00:00') return iso.slice(5, 10);
  return iso.slice(17, 19) === '00' ? iso.slice(11, 16) : iso.slice(11, 19);
}

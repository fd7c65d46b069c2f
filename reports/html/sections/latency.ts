import * as Plot from '@observablehq/plot';
import type { LatencyPercentiles } from '../../run-record.js';
import { chart, isNarrow } from '../chart.js';
import { span, whole, words } from '../figures.js';
import { type Html, html } from '../markup.js';
import { MEASURED } from '../palette.js';
import type { AnyView, Section } from '../report-view.js';
import { number, table, text } from '../table.js';

/** The shortest span of the logarithmic axis; what took less is drawn there. */
const SHORTEST_MS = 1;
const TICKS_MS = [1, 10, 100, 1_000, 10_000, 60_000, 600_000, 3_600_000];
const NARROW_TICKS_MS = [1, 100, 10_000, 600_000];

/** How long each stage took, in virtual time. */
export function latencySection({ record }: AnyView): Section {
  return {
    id: 'latency',
    title: 'Latency',
    body: html`<p>In store time: what a shop would have waited, whatever the machine that simulated it.</p>
${latencyChart(record.latency)}
${table({
  caption: 'Latency by stage',
  columns: [text('Stage'), number('Count'), number('p50'), number('p95'), number('p99'), number('Longest')],
  rows: record.latency.map(({ stage, count, p50Ms, p95Ms, p99Ms, maxMs }) => [
    words(stage),
    whole(count),
    ...[p50Ms, p95Ms, p99Ms, maxMs].map(span),
  ]),
})}`,
  };
}

function latencyChart(stages: readonly LatencyPercentiles[]): Html {
  const bars = stages.map(({ stage, p50Ms, p95Ms, p99Ms }) => ({
    stage: words(stage),
    p50: Math.max(SHORTEST_MS, p50Ms),
    p95: Math.max(SHORTEST_MS, p95Ms),
    p99: Math.max(SHORTEST_MS, p99Ms),
  }));
  const longest = Math.max(10, ...bars.map(({ p99 }) => p99));
  return chart({
    title: 'Median to 99th percentile, logarithmic',
    description: 'Each line goes from the median (dot) over the 95th percentile (bar) to the 99th.',
    legend: [
      { label: 'p50 (dot) to p95 (thick)', color: MEASURED },
      { label: 'to p99 (thin)', color: MEASURED, kind: 'line' },
    ],
    draw: (widthPx) => ({
      height: 40 + 26 * bars.length,
      marginLeft: isNarrow(widthPx) ? 128 : 190,
      marginRight: 30,
      x: { type: 'log', axis: null, domain: [SHORTEST_MS, longest] },
      y: { label: null, domain: bars.map(({ stage }) => stage) },
      marks: [
        Plot.gridX(ticksUpTo(longest, widthPx)),
        Plot.axisX(ticksUpTo(longest, widthPx), { label: null, text: span }),
        Plot.ruleY(bars, { y: 'stage', x1: 'p50', x2: 'p99', stroke: MEASURED, strokeWidth: 1.5 }),
        Plot.ruleY(bars, {
          y: 'stage',
          x1: 'p50',
          x2: 'p95',
          stroke: MEASURED,
          strokeWidth: 6,
          strokeLinecap: 'round',
        }),
        Plot.dot(bars, { y: 'stage', x: 'p50', r: 5, fill: 'var(--card)', stroke: MEASURED, strokeWidth: 2 }),
      ],
    }),
  });
}

function ticksUpTo(longestMs: number, widthPx: number): number[] {
  return (isNarrow(widthPx) ? NARROW_TICKS_MS : TICKS_MS).filter((tick) => tick <= longestMs);
}

import * as Plot from '@observablehq/plot';
import { chart } from '../chart.js';
import { percent, signed, span, whole } from '../figures.js';
import { type Html, html } from '../markup.js';
import { MEASURED, TRUTH } from '../palette.js';
import type { ReportView, Section } from '../report-view.js';
import { number, table, text } from '../table.js';
import { baseline, timeAxes } from '../time-axes.js';
import { ratios, sums } from '../time-bins.js';
import { numberIn, timedRows } from '../window-rows.js';

/** Who has been here before: whether the pipeline knew them again. */
export function loyaltySection(view: ReportView): Section {
  const { returning } = view.record.accuracy;
  return {
    id: 'loyalty',
    title: 'Loyalty',
    body: html`<p>${whole(returning.truth)} of the ${whole(view.record.truth.visits)} visits were by people who had been here before; the pipeline knew ${whole(returning.measured)} of them again.</p>
${shareChart(view)}
${visitorsTable(view)}`,
  };
}

function shareChart({ record, coarseBins: bins }: ReportView): Html {
  const rows = timedRows(record.windows);
  const perBin = (column: string) =>
    sums(
      bins,
      rows,
      ({ windowEnd }) => windowEnd,
      ({ row }) => numberIn(row, column),
    );
  const measured = ratios(perBin('returningVisitors'), perBin('faces')).map((bin) => ({
    ...bin,
    value: 100 * bin.value,
  }));
  const { returning, visits } = record.truth;
  const truth = visits === 0 ? 0 : (100 * returning) / visits;
  return chart({
    title: `Returning visitors among the faces read, % every ${span(bins.widthMs)}`,
    description: `In truth ${percent(returning, visits)} of all visits were by returning visitors.`,
    legend: [
      { label: 'measured', color: MEASURED, kind: 'line' },
      { label: 'truth, mean of all visits', color: TRUTH, kind: 'dashes' },
    ],
    draw: (widthPx) => ({
      ...timeAxes(bins, widthPx),
      y: {
        label: null,
        grid: true,
        nice: true,
        ticks: 5,
        domain: [0, Math.max(truth, ...measured.map(({ value }) => value), 1)],
      },
      marks: [
        Plot.ruleY([truth], { stroke: 'var(--soft)', strokeWidth: 2, strokeDasharray: '6 4' }),
        Plot.lineY(measured, { x: 'middle', y: 'value', stroke: MEASURED, strokeWidth: 2 }),
        Plot.dot(measured, { x: 'middle', y: 'value', r: 2.5, fill: MEASURED }),
        baseline(),
      ],
    }),
  });
}

function visitorsTable({ record }: ReportView): Html {
  const { returning, unique } = record.accuracy;
  const rows = [
    { name: 'Returning visitors', ...returning },
    { name: 'Unique visitors', ...unique },
  ];
  return table({
    caption: 'Visitors of the whole run',
    columns: [text('Visitors'), number('Truth'), number('Measured'), number('Error'), number('Error, %')],
    rows: rows.map(({ name, truth, measured, error }) => [
      name,
      whole(truth),
      whole(measured),
      signed(error),
      percent(error, truth),
    ]),
  });
}

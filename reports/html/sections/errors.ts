import * as Plot from '@observablehq/plot';
import type { AttributionRow } from '../../run-record.js';
import { chart, isNarrow } from '../chart.js';
import { percent, signed, span, whole } from '../figures.js';
import { type Html, html } from '../markup.js';
import { CAUSES } from '../palette.js';
import type { ReportView, Section } from '../report-view.js';
import { folded, number, table, text } from '../table.js';
import { sums } from '../time-bins.js';
import { timeAxes } from '../truth-chart.js';

const QUANTITIES = [
  { quantity: 'people', label: 'People' },
  { quantity: 'uniqueVisitors', label: 'Unique visitors' },
  { quantity: 'footfall', label: 'Footfall' },
] as const;

/** Which stage made which error: every difference from the truth, put down to a cause. */
export function errorsSection(view: ReportView): Section {
  return {
    id: 'errors',
    title: 'Where errors arose',
    body: html`<p>The simulator follows every shopper through every stage, so each difference from the truth has a cause. Bars to the left of zero are people the numbers miss, bars to the right people they have too many. The causes add up to the difference; a run in which they do not fails.</p>
${totalsChart(view)}
${overTimeChart(view)}
${causesTable(view)}
${folded('The same by section, for people', sectionsTable(view))}`,
  };
}

function totalsChart({ record }: ReportView): Html {
  const parts = QUANTITIES.flatMap(({ quantity, label }) => {
    const rows = rowsOf(record.attribution, quantity);
    const truth = rows.reduce((sum, row) => sum + row.truth, 0);
    return CAUSES.map(({ key, color, effect }) => ({
      label,
      color,
      share: truth === 0 ? 0 : (100 * effect * total(rows, key)) / truth,
    })).filter(({ share }) => share !== 0);
  });
  return chart({
    title: 'Errors by cause, % of the truth',
    description: 'The numbers are in the table below.',
    legend: legend(),
    draw: (widthPx) => ({
      height: 150,
      marginLeft: isNarrow(widthPx) ? 100 : 120,
      marginRight: 24,
      x: {
        label: null,
        nice: true,
        ticks: isNarrow(widthPx) ? 4 : 8,
        tickFormat: (share: number) => `${signed(share)} %`,
      },
      y: { label: null, domain: QUANTITIES.map(({ label }) => label) },
      color: { type: 'identity' },
      marks: [
        Plot.gridX({ stroke: 'var(--line)', strokeOpacity: 1 }),
        Plot.barX(parts, { x: 'share', y: 'label', fill: 'color', stroke: 'var(--card)', strokeWidth: 1 }),
        Plot.ruleX([0], { stroke: 'var(--ink)' }),
      ],
    }),
  });
}

function overTimeChart({ record, bins }: ReportView): Html {
  const rows = rowsOf(record.attribution, 'people');
  const parts = CAUSES.flatMap(({ key, color, effect }) =>
    sums(
      bins,
      rows,
      ({ windowEnd }) => windowEnd,
      (row) => effect * row[key],
    )
      .filter(({ value }) => value !== 0)
      .map((bin) => ({ ...bin, color })),
  );
  return chart({
    title: `Errors in people over time, summed over ${span(bins.widthMs)}`,
    description: 'Below zero people missed, above zero people counted too often.',
    legend: legend(),
    draw: (widthPx) => ({
      ...timeAxes(widthPx),
      x: { ...timeAxes(widthPx).x, domain: axisDomain(bins) },
      y: { label: null, nice: true, ticks: 5, tickFormat: (people: number) => signed(people) },
      color: { type: 'identity' },
      marks: [
        Plot.gridY({ stroke: 'var(--line)', strokeOpacity: 1 }),
        Plot.rectY(parts, { x1: 'from', x2: 'to', y: 'value', fill: 'color' }),
        Plot.ruleY([0], { stroke: 'var(--ink)' }),
      ],
    }),
  });
}

function axisDomain({ startsMs, widthMs }: ReportView['bins']): [Date, Date] {
  return [new Date(startsMs[0] ?? 0), new Date((startsMs.at(-1) ?? 0) + widthMs)];
}

function causesTable({ record }: ReportView): Html {
  const columns = QUANTITIES.map(({ quantity }) => rowsOf(record.attribution, quantity));
  const sumOf = (rows: readonly AttributionRow[], key: 'truth' | 'measured') =>
    rows.reduce((sum, row) => sum + row[key], 0);
  return table({
    caption: 'Errors by cause, summed over windows and sections',
    columns: [
      text('Cause'),
      text('What it means'),
      ...QUANTITIES.flatMap(({ label }) => [number(label), number('% of truth')]),
    ],
    rows: [
      ['truth', '', ...columns.flatMap((rows) => [whole(sumOf(rows, 'truth')), ''])],
      ...CAUSES.map(({ key, label, meaning, effect }) => [
        label,
        meaning,
        ...columns.flatMap((rows) => [
          signed(effect * total(rows, key)),
          percent(effect * total(rows, key), sumOf(rows, 'truth')),
        ]),
      ]),
      [
        'measured',
        '',
        ...columns.flatMap((rows) => [
          whole(sumOf(rows, 'measured')),
          percent(sumOf(rows, 'measured'), sumOf(rows, 'truth')),
        ]),
      ],
    ],
  });
}

function sectionsTable({ record }: ReportView): Html {
  const people = rowsOf(record.attribution, 'people');
  const names = new Map(record.store.sections.map(({ id, name }) => [id, name]));
  const ids = [...new Set(people.map(({ section }) => section))];
  return table({
    caption: 'People: errors by section and cause, summed over windows',
    columns: [
      text('Section'),
      number('truth'),
      ...CAUSES.map(({ label }) => number(label)),
      number('measured'),
    ],
    rows: ids.map((id) => {
      const rows = people.filter(({ section }) => section === id);
      return [
        names.get(id) ?? id,
        whole(rows.reduce((sum, row) => sum + row.truth, 0)),
        ...CAUSES.map(({ key, effect }) => signed(effect * total(rows, key))),
        whole(rows.reduce((sum, row) => sum + row.measured, 0)),
      ];
    }),
  });
}

function rowsOf(rows: readonly AttributionRow[], quantity: AttributionRow['quantity']): AttributionRow[] {
  return rows.filter((row) => row.quantity === quantity);
}

function total(rows: readonly AttributionRow[], cause: (typeof CAUSES)[number]['key']): number {
  return rows.reduce((sum, row) => sum + row[cause], 0);
}

function legend() {
  return CAUSES.map(({ label, color }) => ({ label, color }));
}

import * as Plot from '@observablehq/plot';
import type { AttributionRow, RunRecord } from '../../run-record.js';
import { chart, isNarrow, type LegendItem } from '../chart.js';
import { compact, percent, signed, span, whole } from '../figures.js';
import { type Content, type Html, html } from '../markup.js';
import { CAUSES } from '../palette.js';
import type { AnyView, Section } from '../report-view.js';
import { folded, number, table, text } from '../table.js';
import { rowsBySection, type Tally, tally } from '../tally.js';
import { timeAxes } from '../time-axes.js';
import { sums } from '../time-bins.js';

interface Quantity {
  readonly label: string;
  readonly errors: Tally;
}

/** Which stage made which error: every difference from the truth, put down to a cause. */
export function errorsSection(view: AnyView): Section {
  const { attribution } = view.record;
  const quantities: Quantity[] = [
    { label: 'People', errors: tally(rowsOf(attribution, 'people')) },
    { label: 'Unique visitors', errors: tally(rowsOf(attribution, 'uniqueVisitors')) },
    { label: 'Footfall', errors: tally(rowsOf(attribution, 'footfall')) },
  ];
  return {
    id: 'errors',
    title: 'Where errors arose',
    body: html`<p>The simulator follows every shopper through every stage, so each difference from the truth has a cause. The causes add up to the difference; a run in which they do not fails.</p>
${totalsChart(quantities)}
${overTimeChart(view)}
${causesTable(quantities)}
${folded('The same by section, for people', sectionsTable(view.record))}`,
  };
}

function totalsChart(quantities: readonly Quantity[]): Html {
  const parts = quantities.flatMap(({ label, errors }) =>
    CAUSES.map(({ key, color }) => ({
      label,
      color,
      share: errors.truth === 0 ? 0 : (100 * errors.effects[key]) / errors.truth,
    })).filter(({ share }) => share !== 0),
  );
  return chart({
    title: 'Errors by cause, % of the truth: missed to the left, too many to the right',
    description: 'The numbers are in the table below.',
    legend: legendOf(parts),
    draw: (widthPx) => ({
      height: 150,
      marginLeft: isNarrow(widthPx) ? 100 : 120,
      marginRight: 24,
      x: {
        label: null,
        grid: true,
        nice: true,
        ticks: isNarrow(widthPx) ? 4 : 8,
        tickFormat: (share: number) => `${signed(share)} %`,
      },
      y: { label: null, domain: quantities.map(({ label }) => label) },
      color: { type: 'identity' },
      marks: [
        Plot.barX(parts, { x: 'share', y: 'label', fill: 'color', stroke: 'var(--card)', strokeWidth: 1 }),
        Plot.ruleX([0], { stroke: 'var(--ink)' }),
      ],
    }),
  });
}

function overTimeChart({ record, bins }: AnyView): Html {
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
    title: `Errors in people every ${span(bins.widthMs)}: missed below, too many above`,
    description: 'Summed over the sections; the totals are in the table below.',
    legend: legendOf(parts),
    draw: (widthPx) => ({
      ...timeAxes(bins, widthPx),
      y: { label: null, grid: true, nice: true, ticks: 5, tickFormat: compact },
      color: { type: 'identity' },
      marks: [
        Plot.rectY(parts, { x1: 'from', x2: 'to', y: 'value', fill: 'color' }),
        Plot.ruleY([0], { stroke: 'var(--ink)' }),
      ],
    }),
  });
}

/** Only the causes that occur. */
function legendOf(parts: readonly { readonly color: string }[]): LegendItem[] {
  const shown = new Set(parts.map(({ color }) => color));
  return CAUSES.filter(({ color }) => shown.has(color)).map(({ label, color }) => ({ label, color }));
}

function causesTable(quantities: readonly Quantity[]): Html {
  const line = (
    name: string,
    meaning: string,
    cellsOf: (errors: Tally) => readonly [string, string],
  ): Content[] => [name, meaning, ...quantities.flatMap(({ errors }) => cellsOf(errors))];
  return table({
    caption: 'Errors by cause, summed over windows and sections',
    columns: [
      text('Cause'),
      text('What it means'),
      ...quantities.flatMap(({ label }) => [number(label), number('% of truth')]),
    ],
    rows: [
      line('truth', 'by the simulator', ({ truth }) => [whole(truth), '']),
      ...CAUSES.map(({ key, label, meaning }) =>
        line(label, meaning, ({ effects, truth }) => [
          effectText(effects[key]),
          effects[key] === 0 ? '' : percent(effects[key], truth),
        ]),
      ),
      line('measured', 'by the pipeline', ({ measured, truth }) => [
        whole(measured),
        percent(measured, truth),
      ]),
    ],
  });
}

function sectionsTable({ attribution, store }: Pick<RunRecord, 'attribution' | 'store'>): Html {
  const names = new Map(store.sections.map(({ id, name }) => [id, name]));
  return table({
    caption: 'People: errors by section and cause, summed over windows',
    columns: [
      text('Section'),
      number('truth'),
      ...CAUSES.map(({ label }) => number(label)),
      number('measured'),
    ],
    rows: [...rowsBySection(attribution, 'people')].map(([section, rows]) => {
      const errors = tally(rows);
      return [
        names.get(section) ?? section,
        whole(errors.truth),
        ...CAUSES.map(({ key }) => effectText(errors.effects[key])),
        whole(errors.measured),
      ];
    }),
  });
}

function effectText(people: number): string {
  return people === 0 ? '0' : signed(people);
}

function rowsOf(rows: readonly AttributionRow[], quantity: AttributionRow['quantity']): AttributionRow[] {
  return rows.filter((row) => row.quantity === quantity);
}

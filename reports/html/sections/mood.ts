import * as Plot from '@observablehq/plot';
import type { RunRecord } from '../../run-record.js';
import { chart, isNarrow } from '../chart.js';
import { decimal, percent, signed, span, whole } from '../figures.js';
import { type Html, html } from '../markup.js';
import { EMOTIONS, MEASURED } from '../palette.js';
import type { ReportView, Section } from '../report-view.js';
import { type Column, folded, number, table, text } from '../table.js';
import { baseline, timeAxes } from '../time-axes.js';
import { ratios, sums } from '../time-bins.js';
import { numberIn, timedRows } from '../window-rows.js';

type DisplayFigures = RunRecord['displays'][number];

/** Displays shown in the chart; all are in the table. */
const MOST_DISPLAYS = 16;

/** The mood the pipeline read over the day, and how shoppers truly reacted to each display. */
export function moodSection(view: ReportView): Section {
  const { truth, measured, error } = view.record.accuracy.emotion;
  const visited = [...view.record.displays]
    .filter(({ dwells }) => dwells > 0)
    .sort((one, other) => other.dwells - one.dwells);
  return {
    id: 'mood',
    title: 'Mood and reactions',
    body: html`<p>The mean mood read from faces was <strong>${decimal(measured, 2)}</strong> on a scale from −1 to 1; by the shoppers’ own reactions it was ${decimal(truth, 2)} (${signed(error, 2)}).</p>
${moodChart(view)}
${reactionsChart(visited)}
${folded(`All ${visited.length} displays that somebody stood at`, displaysTable(visited, view))}`,
  };
}

function moodChart({ record, coarseBins: bins }: ReportView): Html {
  const rows = timedRows(record.windows);
  const perBin = (value: (row: (typeof rows)[number]['row']) => number) =>
    sums(
      bins,
      rows,
      ({ windowEnd }) => windowEnd,
      ({ row }) => value(row),
    );
  const mood = ratios(
    perBin((row) => numberIn(row, 'averageEmotion') * numberIn(row, 'faces')),
    perBin((row) => (typeof row.averageEmotion === 'number' ? numberIn(row, 'faces') : 0)),
  );
  if (mood.length === 0)
    return html`<p>No window row carries a mood: no faces were read, or the groups were too small to be shown.</p>`;
  const { truth } = record.accuracy.emotion;
  return chart({
    title: `Mood of the faces read, mean of ${span(bins.widthMs)}`,
    description: `The mean of the whole run by the shoppers’ reactions is ${decimal(truth, 2)}.`,
    legend: [
      { label: 'measured', color: MEASURED, kind: 'line' },
      { label: 'truth, mean of the run', color: 'var(--soft)', kind: 'dashes' },
    ],
    draw: (widthPx) => ({
      ...timeAxes(bins, widthPx),
      y: { label: null, grid: true, domain: [-1, 1], ticks: 5 },
      marks: [
        baseline(),
        Plot.ruleY([truth], { stroke: 'var(--soft)', strokeWidth: 2, strokeDasharray: '6 4' }),
        Plot.lineY(mood, { x: 'middle', y: 'value', stroke: MEASURED, strokeWidth: 2 }),
        Plot.dot(mood, { x: 'middle', y: 'value', r: 2.5, fill: MEASURED }),
      ],
    }),
  });
}

function reactionsChart(visited: readonly DisplayFigures[]): Html {
  const shown = visited.slice(0, MOST_DISPLAYS);
  const parts = shown.flatMap((figures) => {
    const all = reactionsOf(figures);
    return EMOTIONS.map(({ name, color }) => ({
      display: figures.name,
      color,
      share: all === 0 ? 0 : (100 * (figures.reactions[name] ?? 0)) / all,
    })).filter(({ share }) => share > 0);
  });
  const more = visited.length > shown.length ? `, the ${shown.length} most looked at` : '';
  return chart({
    title: `Reactions by display (truth)${more}`,
    description: 'Shares of those who stood in front of it; the numbers are in the table below.',
    legend: EMOTIONS.map(({ name, color }) => ({ label: name, color })),
    draw: (widthPx) => ({
      height: 40 + 24 * shown.length,
      marginLeft: isNarrow(widthPx) ? 118 : 150,
      marginRight: 24,
      x: {
        label: null,
        domain: [0, 100],
        ticks: isNarrow(widthPx) ? 3 : 6,
        tickFormat: (share) => `${share} %`,
      },
      y: {
        label: null,
        domain: shown.map(({ name }) => name),
        tickFormat: (name: string) => shortened(name, isNarrow(widthPx) ? 16 : 22),
      },
      marks: [
        Plot.barX(parts, { x: 'share', y: 'display', fill: 'color', stroke: 'var(--card)', strokeWidth: 1 }),
      ],
      color: { type: 'identity' },
    }),
  });
}

function shortened(name: string, most: number): string {
  const letters = [...name];
  return letters.length <= most ? name : `${letters.slice(0, most - 1).join('')}…`;
}

function reactionsOf({ reactions }: DisplayFigures): number {
  return Object.values(reactions).reduce((sum, count) => sum + count, 0);
}

function displaysTable(displays: readonly DisplayFigures[], { record }: ReportView): Html {
  const sections = new Map(record.store.sections.map(({ id, name }) => [id, name]));
  const columns: Column[] = [
    text('Display'),
    text('Section'),
    number('Stops'),
    number('Mean stop'),
    ...EMOTIONS.map(({ name }) => number(name)),
  ];
  return table({
    caption: 'Displays: stops in front of them, and how people reacted',
    columns,
    rows: displays.map((figures) => [
      figures.name,
      sections.get(figures.section) ?? figures.section,
      whole(figures.dwells),
      span(Math.round(figures.meanDwellSeconds * 10) * 100),
      ...EMOTIONS.map(({ name }) => percent(figures.reactions[name] ?? 0, reactionsOf(figures), 0)),
    ]),
  });
}

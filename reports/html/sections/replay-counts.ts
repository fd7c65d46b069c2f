import * as Plot from '@observablehq/plot';
import type { ReplayFigures } from '../../replay-record.js';
import { chart, isNarrow } from '../chart.js';
import { compact, decimal, several, signed, span, whole } from '../figures.js';
import { type Content, type Html, html, NOTHING } from '../markup.js';
import { MEASURED, TRUTH } from '../palette.js';
import type { ReplayView, Section } from '../report-view.js';
import { number, table, text } from '../table.js';
import { TRUTH_LEGEND } from '../truth-chart.js';

/** Who was counted, when, across which line and in which zone, beside the truth where there is one. */
export function countsSection({ record }: ReplayView): Section {
  const { replay } = record;
  return {
    id: 'counts',
    title: 'Counts',
    body: html`<p>${countSentence(replay)} ${reentrySentence(replay)}</p>
${timelineChart(replay, 'inView', 'People in view')}
${timelineChart(replay, 'counted', 'People counted since the beginning')}
${windowsTable(replay)}
${replay.lines.length === 0 ? NOTHING : linesTable(replay)}
${replay.zones.length === 0 ? NOTHING : zonesTable(replay)}
<h3>What cannot be known</h3>
<ul>${replay.cannotBeKnown.map((sentence) => html`<li>${sentence}</li>`)}</ul>`,
  };
}

function countSentence({ counts, truePeople, groundTruth }: ReplayFigures): Html {
  if (truePeople === null)
    return html`<strong>${several(counts.people, 'person', 'people')}</strong> counted. There is no ground truth.`;
  return html`<strong>${several(counts.people, 'person', 'people')}</strong> counted, ${whole(truePeople)} by the ground truth <code>${groundTruth ?? ''}</code> (${signed(counts.people - truePeople)}).`;
}

function reentrySentence({ reentry }: ReplayFigures): string {
  if (reentry.withinSeconds === 0)
    return 'Everybody who comes into view again is counted again; no time for re-entry is stated.';
  const rule = `Who leaves at the edge and is back within ${span(reentry.withinSeconds * 1_000)} in the same clothes is one visitor`;
  if (reentry.returned === 0) return `${rule}; nobody was recognised so.`;
  return `${rule}: ${several(reentry.returned, 'return')} recognised.`;
}

function timelineChart({ timeline }: ReplayFigures, figure: 'inView' | 'counted', title: string): Html {
  const trueFigure = figure === 'inView' ? 'trueInView' : 'trueCounted';
  const truth = timeline.flatMap((step) => {
    const value = step[trueFigure];
    return value === null ? [] : [{ from: step.fromSeconds, to: step.toSeconds, value }];
  });
  const measured = timeline.flatMap(({ fromSeconds, toSeconds, [figure]: value }) => [
    { at: fromSeconds, value },
    { at: toSeconds, value },
  ]);
  const most = Math.max(0, ...timeline.map((step) => Math.max(step[figure], step[trueFigure] ?? 0)));
  const last = timeline.at(-1);
  return chart({
    title,
    description: `Up to ${decimal(most, 0)}, at the end ${decimal(last?.[figure] ?? 0, 0)}${truth.length === 0 ? '' : ` and in truth ${decimal(last?.[trueFigure] ?? 0, 0)}`}.`,
    ...(truth.length === 0 ? {} : { legend: TRUTH_LEGEND }),
    draw: (widthPx) => ({
      height: isNarrow(widthPx) ? 160 : 190,
      marginLeft: isNarrow(widthPx) ? 40 : 48,
      marginRight: 22,
      x: {
        label: null,
        domain: [0, last?.toSeconds ?? 1],
        ticks: isNarrow(widthPx) ? 4 : 8,
        tickFormat: (atSeconds: number) => (atSeconds === 0 ? '0' : span(atSeconds * 1_000)),
      },
      y: {
        label: null,
        grid: true,
        nice: true,
        domain: [0, Math.max(1, most)],
        ticks: Math.max(1, Math.min(5, Math.ceil(most))),
        tickFormat: compact,
      },
      marks: [
        Plot.rectY(truth, { x1: 'from', x2: 'to', y: 'value', fill: TRUTH, shapeRendering: 'crispEdges' }),
        Plot.lineY(measured, { x: 'at', y: 'value', stroke: MEASURED, strokeWidth: 2 }),
        Plot.ruleY([0], { stroke: 'var(--soft)' }),
      ],
    }),
  });
}

/** Only windows that are wrong: an hour has 240. */
function windowsTable({ windows, groundTruth }: ReplayFigures): Html {
  if (groundTruth === null) return NOTHING;
  const wrong = windows.filter(({ error }) => error !== 0);
  const many = several(windows.length, 'window');
  if (wrong.length === 0)
    return html`<p>In each of the ${many} of 15 seconds as many people were new as by the ground truth.</p>`;
  return html`<p>In ${whole(windows.length - wrong.length)} of ${many} of 15 seconds as many people were new as by the ground truth.</p>
${table({
  caption: 'Windows in which another number of people was new',
  columns: [text('Window'), number('Counted'), number('Truth'), number('Error')],
  rows: wrong.map((window) => [
    `${span(window.fromSeconds * 1_000)}–${span(window.toSeconds * 1_000)}`,
    whole(window.counted),
    orUnknown(window.trueCounted),
    signed(window.error ?? 0),
  ]),
})}`;
}

function linesTable({ lines }: ReplayFigures): Html {
  return table({
    caption: 'Lines: who crossed them, and by the ground truth',
    columns: [text('Line'), number('In'), number('In, truth'), number('Out'), number('Out, truth')],
    rows: lines.map((line) => [
      line.id,
      whole(line.in),
      orUnknown(line.trueIn),
      whole(line.out),
      orUnknown(line.trueOut),
    ]),
  });
}

function zonesTable({ zones }: ReplayFigures): Html {
  return table({
    caption: 'Zones: how many were in them, and for how long',
    columns: [
      text('Zone'),
      number('Visitors'),
      number('Stays'),
      number('Stays, truth'),
      number('At once, mean'),
      number('At once, most'),
      number('Dwell, mean'),
      number('Dwell, mean, truth'),
      number('Dwell, longest'),
    ],
    rows: zones.map((zone): Content[] => [
      zone.name,
      whole(zone.visitors),
      whole(zone.stays),
      orUnknown(zone.trueStays),
      decimal(zone.meanOccupancy, 2),
      whole(zone.peakOccupancy),
      span(zone.meanDwellSeconds * 1_000),
      zone.trueMeanDwellSeconds === null ? 'unknown' : span(zone.trueMeanDwellSeconds * 1_000),
      span(zone.longestDwellSeconds * 1_000),
    ]),
  });
}

function orUnknown(value: number | null): string {
  return value === null ? 'unknown' : whole(value);
}

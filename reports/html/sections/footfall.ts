import * as Plot from '@observablehq/plot';
import { chart } from '../chart.js';
import { percent, signed, span, whole } from '../figures.js';
import { type Html, html } from '../markup.js';
import { TRUTH } from '../palette.js';
import type { ReportView, Section } from '../report-view.js';
import { number, table, text } from '../table.js';
import { baseline, timeAxes } from '../time-axes.js';
import { ratios, runningTotals, sums } from '../time-bins.js';
import { TRUTH_LEGEND, truthAndMeasured } from '../truth-chart.js';
import { numberIn, timedRows } from '../window-rows.js';

/** Who came in, by the simulator and by the pipeline, over the day. */
export function footfallSection(view: ReportView): Section {
  const { footfall } = view.record.accuracy;
  return {
    id: 'footfall',
    title: 'Footfall',
    body: html`<p>The pipeline counted <strong>${whole(footfall.measured)}</strong> of ${whole(footfall.truth)} people who came in (${signed(footfall.error)}, ${percent(footfall.error, footfall.truth)}). It counts a visitor when a camera first sees them, which is some time after the door.</p>
${enteredCharts(view)}
${insideChart(view)}
${accuracyTable(view)}`,
  };
}

function enteredCharts({ record, bins }: ReportView): Html {
  const { truth, measured } = record.accuracy.footfall;
  const entered = sums(bins, record.truth.footfallByWindow, windowEnd, (window) => window.entered);
  const counted = sums(bins, timedRows(record.windows), windowEnd, ({ row }) => numberIn(row, 'newVisitors'));
  return html`${chart({
    title: `People who came in, every ${span(bins.widthMs)}`,
    description: `In all ${whole(truth)} in truth, ${whole(measured)} measured.`,
    legend: TRUTH_LEGEND,
    draw: (width) => truthAndMeasured(bins, entered, counted, width),
  })}
${chart({
  title: 'People who came in, since the beginning',
  description: `Truth reaches ${whole(truth)}, the pipeline ${whole(measured)}.`,
  legend: TRUTH_LEGEND,
  draw: (width) => truthAndMeasured(bins, runningTotals(entered), runningTotals(counted), width),
})}`;
}

function insideChart({ record, bins }: ReportView): Html {
  const { footfallByWindow } = record.truth;
  const windows = sums(bins, footfallByWindow, windowEnd, () => 1);
  const inside = ratios(
    sums(bins, footfallByWindow, windowEnd, (window) => window.inside),
    windows,
  );
  const most = footfallByWindow.reduce((peak, window) => Math.max(peak, window.inside), 0);
  return chart({
    title: 'People in the store (truth)',
    description: `At most ${whole(most)} at once.`,
    draw: (width) => ({
      ...timeAxes(bins, width, most),
      marks: [Plot.areaY(inside, { x: 'middle', y: 'value', fill: TRUTH, curve: 'monotone-x' }), baseline()],
    }),
  });
}

function accuracyTable({ record }: ReportView): Html {
  const { footfall, unique } = record.accuracy;
  const quantities = [
    { name: 'Footfall', ...footfall },
    { name: 'Unique visitors', ...unique },
  ];
  return table({
    caption: 'Footfall and unique visitors of the whole run',
    columns: [text('Quantity'), number('Truth'), number('Measured'), number('Error'), number('Error, %')],
    rows: quantities.map(({ name, truth, measured, error }) => [
      name,
      whole(truth),
      whole(measured),
      signed(error),
      percent(error, truth),
    ]),
  });
}

const windowEnd = (item: { readonly windowEnd: string }): string => item.windowEnd;

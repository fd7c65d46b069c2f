import * as Plot from '@observablehq/plot';
import { chart } from '../chart.js';
import { percent, several, span, whole } from '../figures.js';
import { html } from '../markup.js';
import { MEASURED } from '../palette.js';
import type { ReplayView, Section } from '../report-view.js';
import { baseline, timeAxes } from '../time-axes.js';
import { sums } from '../time-bins.js';
import { numberIn, timedRows } from '../window-rows.js';

/** What came out at the end of the pipeline: sightings in pictures, and visitors whose faces could be read. */
export function dashboardSection({ record, bins }: ReplayView): Section {
  const rows = timedRows(record.windows);
  const people = sums(
    bins,
    rows,
    ({ windowEnd }) => windowEnd,
    ({ row }) => numberIn(row, 'people'),
  );
  const total = (column: string) => rows.reduce((sum, { row }) => sum + numberIn(row, column), 0);
  const [sightings, faces] = [total('people'), total('faces')];
  const most = Math.max(0, ...people.map(({ value }) => value));
  return {
    id: 'dashboard',
    title: 'On the dashboard',
    body: html`<p>${several(record.privacy.picturesTaken, 'picture')} went through the pipeline and became ${several(rows.length, 'row')} of 15-second windows: ${several(sightings, 'sighting')} of people in pictures, ${whole(faces)} of them (${percent(faces, sightings)}) with a face that could be read, ${several(record.accuracy.unique.measured, 'different visitor')} among them. Somebody who stays is in many pictures.</p>
${chart({
  title: `Sightings in pictures, every ${span(bins.widthMs)}`,
  description: `In all ${whole(sightings)}.`,
  draw: (width) => ({
    ...timeAxes(bins, width, most),
    marks: [Plot.rectY(people, { x1: 'from', x2: 'to', y: 'value', fill: MEASURED }), baseline()],
  }),
})}`,
  };
}

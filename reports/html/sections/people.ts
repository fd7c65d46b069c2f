import type { AttributionRow } from '../../run-record.js';
import { chart } from '../chart.js';
import { decimal, percent, signed, whole } from '../figures.js';
import { type Html, html } from '../markup.js';
import type { ReportView, Section } from '../report-view.js';
import { number, table, text } from '../table.js';
import { type BinValue, ratios, sums } from '../time-bins.js';
import { TRUTH_LEGEND, truthAndMeasured } from '../truth-chart.js';

const QUANTITIES = [
  { quantity: 'people', title: 'People in the sections, mean of the windows' },
  { quantity: 'uniqueVisitors', title: 'Unique visitors, mean of the windows' },
] as const;

/** What each window showed of the people in the sections, beside who was there. */
export function peopleSection(view: ReportView): Section {
  return {
    id: 'people',
    title: 'People and unique visitors',
    body: html`<p>For each window the truth is who was in the section. The pipeline’s <em>people</em> counts everybody in every picture, so somebody in three pictures of a window counts three times; its <em>unique visitors</em> counts pseudonyms, so a face has to be read. Somebody who stays is counted again in the next window, and somebody who crosses over in both sections.</p>
${QUANTITIES.map(({ quantity, title }) => quantityChart(view, quantity, title))}
${sectionTable(view)}`,
  };
}

function quantityChart(view: ReportView, quantity: AttributionRow['quantity'], title: string): Html {
  const rows = view.record.attribution.filter((row) => row.quantity === quantity);
  const truth = total(rows, 'truth');
  const measured = total(rows, 'measured');
  return chart({
    title,
    description: `Summed over all windows: ${whole(truth)} in truth, ${whole(measured)} measured.`,
    legend: TRUTH_LEGEND,
    draw: (width) =>
      truthAndMeasured(
        view.bins,
        windowMeans(view, rows, 'truth'),
        windowMeans(view, rows, 'measured'),
        width,
      ),
  });
}

/** Per bin, the mean over its windows of a number summed over the sections. */
function windowMeans(
  { bins }: ReportView,
  rows: readonly AttributionRow[],
  side: 'truth' | 'measured',
): BinValue[] {
  const ends = [...new Set(rows.map(({ windowEnd }) => windowEnd))];
  return ratios(
    sums(
      bins,
      rows,
      ({ windowEnd }) => windowEnd,
      (row) => row[side],
    ),
    sums(
      bins,
      ends,
      (windowEnd) => windowEnd,
      () => 1,
    ),
  );
}

function sectionTable({ record }: ReportView): Html {
  const people = record.attribution.filter(({ quantity }) => quantity === 'people');
  const unique = record.attribution.filter(({ quantity }) => quantity === 'uniqueVisitors');
  const windows = new Set(people.map(({ windowEnd }) => windowEnd)).size;
  const names = new Map(record.store.sections.map(({ id, name }) => [id, name]));
  const ids = [...new Set(people.map(({ section }) => section))];
  const line = (name: string, includes: (row: AttributionRow) => boolean) => {
    const peopleHere = people.filter(includes);
    const uniqueHere = unique.filter(includes);
    const [truth, measured] = [total(peopleHere, 'truth'), total(peopleHere, 'measured')];
    return [
      name,
      windows === 0 ? '–' : decimal(truth / windows, 2),
      windows === 0 ? '–' : decimal(measured / windows, 2),
      signed(measured - truth),
      percent(measured - truth, truth),
      signed(total(uniqueHere, 'measured') - total(uniqueHere, 'truth')),
      percent(total(uniqueHere, 'measured') - total(uniqueHere, 'truth'), total(uniqueHere, 'truth')),
    ];
  };
  return table({
    caption: 'People and unique visitors by section: means of a window, errors summed over all windows',
    columns: [
      text('Section'),
      number('People, truth'),
      number('People, measured'),
      number('Error'),
      number('Error, %'),
      number('Unique visitors, error'),
      number('Error, %'),
    ],
    rows: [
      ...ids.map((id) => line(names.get(id) ?? id, ({ section }) => section === id)),
      line('All sections', () => true),
    ],
  });
}

function total(rows: readonly AttributionRow[], side: 'truth' | 'measured'): number {
  return rows.reduce((sum, row) => sum + row[side], 0);
}

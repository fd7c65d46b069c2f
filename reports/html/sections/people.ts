import type { AttributionRow } from '../../run-record.js';
import { chart } from '../chart.js';
import { decimal, percent, signed, whole } from '../figures.js';
import { type Html, html } from '../markup.js';
import type { AnyView, Section } from '../report-view.js';
import { number, table, text } from '../table.js';
import { rowsBySection, tally } from '../tally.js';
import { type BinValue, ratios, sums } from '../time-bins.js';
import { TRUTH_LEGEND, truthAndMeasured } from '../truth-chart.js';

const QUANTITIES = [
  { quantity: 'people', title: 'People in the sections, mean of the windows' },
  { quantity: 'uniqueVisitors', title: 'Unique visitors, mean of the windows' },
] as const;

/** What each window showed of the people in the sections, beside who was there. */
export function peopleSection(view: AnyView): Section {
  return {
    id: 'people',
    title: 'People and unique visitors',
    body: html`<p>For each window the truth is who was in the section. The pipeline’s <em>people</em> counts everybody in every picture, so somebody in three pictures of a window counts three times; its <em>unique visitors</em> counts pseudonyms, so a face has to be read. Somebody who stays is counted again in the next window, and somebody who crosses over in both sections.</p>
${QUANTITIES.map(({ quantity, title }) => quantityChart(view, quantity, title))}
${sectionTable(view)}`,
  };
}

function quantityChart(view: AnyView, quantity: AttributionRow['quantity'], title: string): Html {
  const rows = view.record.attribution.filter((row) => row.quantity === quantity);
  const { truth, measured } = tally(rows);
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
  { bins }: AnyView,
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

function sectionTable({ record }: AnyView): Html {
  const names = new Map(record.store.sections.map(({ id, name }) => [id, name]));
  const people = rowsBySection(record.attribution, 'people');
  const unique = rowsBySection(record.attribution, 'uniqueVisitors');
  const windows = new Set([...people.values()].flat().map(({ windowEnd }) => windowEnd)).size;
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
      ...[...people].map(([section, rows]) =>
        sectionLine(names.get(section) ?? section, rows, unique.get(section) ?? [], windows),
      ),
      sectionLine('All sections', [...people.values()].flat(), [...unique.values()].flat(), windows),
    ],
  });
}

function sectionLine(
  name: string,
  peopleRows: readonly AttributionRow[],
  uniqueRows: readonly AttributionRow[],
  windows: number,
): string[] {
  const [people, unique] = [tally(peopleRows), tally(uniqueRows)];
  return [
    name,
    decimal(people.truth / windows, 2),
    decimal(people.measured / windows, 2),
    signed(people.measured - people.truth),
    percent(people.measured - people.truth, people.truth),
    signed(unique.measured - unique.truth),
    percent(unique.measured - unique.truth, unique.truth),
  ];
}

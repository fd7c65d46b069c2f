import * as Plot from '@observablehq/plot';
import type { RunRecord } from '../../run-record.js';
import { chart, isNarrow } from '../chart.js';
import { percent, signed, whole } from '../figures.js';
import { type Html, html } from '../markup.js';
import { MEASURED, TRUTH } from '../palette.js';
import type { ReportView, Section } from '../report-view.js';
import { number, table, text } from '../table.js';

interface Group {
  readonly name: string;
  readonly truth: number;
  readonly measured: number;
  /** Percentages of the people in all groups of the dimension. */
  readonly truthShare: number;
  readonly measuredShare: number;
}

interface Dimension {
  readonly title: string;
  readonly groups: readonly Group[];
}

type Figures = readonly (readonly [string, { readonly truth: number; readonly measured: number }])[];

/** Age bands and gender, by the personas of the shoppers and by what the pipeline made of them. */
export function demographicsSection({ record }: ReportView): Section {
  const { females, males, byAgeBand } = record.accuracy.demographics;
  const gender = dimension('Gender', [
    ['women', females],
    ['men', males],
  ]);
  const age = dimension('Age', Object.entries(byAgeBand));
  return {
    id: 'demographics',
    title: 'Demographics',
    body: html`<p>Shares of the people whose face could be read. The truth is what the recorded persona of a shopper says; what such attributes can mean of a real person is under <a href="#privacy">privacy</a>. ${facesRead(record)}</p>
${sharesChart(age)}
${sharesChart(gender)}
${sharesTable([gender, age])}`,
  };
}

function facesRead({ accuracy: { faces } }: RunRecord): string {
  if (faces.read === 0) return 'No face was read.';
  const share = percent(faces.misread / faces.read, 1);
  return `Of ${whole(faces.read)} faces read, ${whole(faces.misread)} (${share}) were put to somebody else or told wrongly.`;
}

function dimension(title: string, figures: Figures): Dimension {
  const truthTotal = figures.reduce((sum, [, { truth }]) => sum + truth, 0);
  const measuredTotal = figures.reduce((sum, [, { measured }]) => sum + measured, 0);
  const share = (part: number, of: number) => (of === 0 ? 0 : (100 * part) / of);
  return {
    title,
    groups: figures.map(([name, { truth, measured }]) => ({
      name,
      truth,
      measured,
      truthShare: share(truth, truthTotal),
      measuredShare: share(measured, measuredTotal),
    })),
  };
}

/** Shares as bars: truth broad and pale, measured narrow and dark within it. */
function sharesChart({ title, groups }: Dimension): Html {
  return chart({
    title: `${title}: share of people`,
    description: groups
      .map(
        ({ name, truthShare, measuredShare }) =>
          `${name} ${percent(truthShare, 100)} in truth, ${percent(measuredShare, 100)} measured`,
      )
      .join('; '),
    legend: [
      { label: 'truth', color: TRUTH },
      { label: 'measured', color: MEASURED, kind: 'thin' },
    ],
    draw: (widthPx) => ({
      height: 52 + 30 * groups.length,
      marginLeft: 64,
      marginRight: 24,
      x: {
        label: null,
        grid: true,
        nice: true,
        ticks: isNarrow(widthPx) ? 4 : 8,
        tickFormat: (share) => `${share} %`,
      },
      y: { label: null, domain: groups.map(({ name }) => name), padding: 0.2 },
      marks: [
        Plot.barX(groups, { x: 'truthShare', y: 'name', fill: TRUTH }),
        Plot.barX(groups, { x: 'measuredShare', y: 'name', fill: MEASURED, insetTop: 7, insetBottom: 7 }),
      ],
    }),
  });
}

function sharesTable(dimensions: readonly Dimension[]): Html {
  return table({
    caption: 'Demographics: people, and their share of all whose gender or age is known',
    columns: [
      text('Group'),
      number('Truth'),
      number('Share'),
      number('Measured'),
      number('Share'),
      number('Difference, points'),
    ],
    rows: dimensions.flatMap(({ groups }) =>
      groups.map(({ name, truth, measured, truthShare, measuredShare }) => [
        name,
        whole(truth),
        percent(truthShare, 100),
        whole(measured),
        percent(measuredShare, 100),
        signed(measuredShare - truthShare, 1),
      ]),
    ),
  });
}

import * as Plot from '@observablehq/plot';
import type { RunRecord } from '../../run-record.js';
import { chart } from '../chart.js';
import { whole, words } from '../figures.js';
import { type Html, html, NOTHING } from '../markup.js';
import { FAULT, MEASURED } from '../palette.js';
import type { AnyView, Section } from '../report-view.js';
import { table, text } from '../table.js';
import { baseline, timeAxes, timeDomain } from '../time-axes.js';

type Backlog = RunRecord['backlogs'][number];

/** What waited where, and the faults that made it wait. */
export function backlogsSection(view: AnyView): Section {
  const { backlogs, faults, twinChanges } = view.record;
  const grown = backlogs.filter((backlog) => peak(backlog) > 0);
  const empty = backlogs.filter((backlog) => peak(backlog) === 0);
  return {
    id: 'backlogs',
    title: 'Faults and backlogs',
    body: html`${faults.length === 0 ? html`<p>No faults were planned.</p>` : faultsTable(view)}
${twinChanges.length === 0 ? NOTHING : twinChangesTable(view)}
${grown.map((backlog) => backlogChart(backlog, view))}
${empty.length === 0 ? NOTHING : html`<p class="soft">Always empty: ${empty.map(({ name }) => words(name)).join(', ')}.</p>`}`,
  };
}

function faultsTable({ record, clock }: AnyView): Html {
  return table({
    caption: 'Faults of the environment',
    columns: [text('Fault'), text('From'), text('To'), text('What happened')],
    rows: record.faults.map(({ effect, fault, from, to, what }) => [
      words(fault),
      clock.label(from),
      clock.label(to),
      effect === null ? what : `${what}: ${effect}`,
    ]),
  });
}

function twinChangesTable({ record, clock }: AnyView): Html {
  return table({
    caption: 'Changes of desired properties',
    columns: [text('At'), text('Cameras'), text('What changed')],
    rows: record.twinChanges.map(({ at, camera, what }) => [clock.label(at), camera ?? 'all', what]),
  });
}

function backlogChart(backlog: Backlog, { record, clock, bins }: AnyView): Html {
  const samples = backlog.samples.map(({ at, waiting }) => ({ at: new Date(clock.axisMs(at)), waiting }));
  const most = peak(backlog);
  const highest = backlog.samples.find(({ waiting }) => waiting === most);
  const left = backlog.samples.at(-1)?.waiting ?? 0;
  const faults = record.faults.map(({ from, to }) => ({
    from: new Date(clock.axisMs(from)),
    to: new Date(clock.axisMs(to)),
  }));
  const domain = widest([...timeDomain(bins), ...samples.map(({ at }) => at)]);
  return chart({
    title: `Waiting: ${words(backlog.name)}`,
    description: `At most ${whole(most)}${highest === undefined ? '' : ` at ${clock.label(highest.at)}`}; ${whole(left)} at the end.`,
    legend: [
      { label: `waiting, at most ${whole(most)}`, color: MEASURED },
      ...(faults.length === 0 ? [] : [{ label: 'fault', color: FAULT }]),
    ],
    draw: (widthPx) => ({
      ...timeAxes(bins, widthPx, most),
      height: 150,
      x: { ...timeAxes(bins, widthPx).x, domain },
      marks: [
        Plot.rectX(faults, { x1: 'from', x2: 'to', fill: FAULT }),
        Plot.areaY(samples, {
          x: 'at',
          y: 'waiting',
          fill: MEASURED,
          fillOpacity: 0.35,
          curve: 'step-after',
        }),
        Plot.lineY(samples, {
          x: 'at',
          y: 'waiting',
          stroke: MEASURED,
          strokeWidth: 1.5,
          curve: 'step-after',
        }),
        baseline(),
      ],
    }),
  });
}

/** From the earliest to the latest: devices start before the doors open, and queues drain after they close. */
function widest(times: readonly Date[]): [Date, Date] {
  const sorted = times.map(Number).sort((one, other) => one - other);
  return [new Date(sorted[0] ?? 0), new Date(sorted.at(-1) ?? 0)];
}

function peak({ samples }: Backlog): number {
  return samples.reduce((most, { waiting }) => Math.max(most, waiting), 0);
}

import type { RunRecord } from '../../run-record.js';
import { decimal, percent, several, signed, span, whole } from '../figures.js';
import { type Html, html, NOTHING } from '../markup.js';
import type { ReportView } from '../report-view.js';
import { tile, verdict, verdictSentence } from './verdict.js';

/** The top of the page: name, verdict, and the run in a handful of numbers. */
export function overview({ record, clock }: ReportView): Html {
  const { scenario, truth, accuracy, virtualSeconds } = record;
  return html`<header>
<p class="kicker">footfall run report</p>
<h1>${scenario.name}</h1>
${scenario.description === '' ? NOTHING : html`<p class="lead">${scenario.description}</p>`}
<p class="verdict">${verdict(record)} <span>${verdictSentence(record)}</span></p>
<p class="soft">${clock.date(scenario.startAt)} (${clock.zone}), ${span(virtualSeconds * 1_000)} of store time, ${several(truth.visits, 'visit')} in ${several(truth.parties, 'party', 'parties')}.</p>
<dl class="tiles">
${accuracyTile('Footfall', accuracy.footfall)}
${accuracyTile('Unique visitors', accuracy.unique)}
${accuracyTile('Returning visitors', accuracy.returning)}
${tile('Mood, −1 to 1', decimal(accuracy.emotion.measured, 2), html`truth ${decimal(accuracy.emotion.truth, 2)}, ${signed(accuracy.emotion.error, 2)}`)}
${latencyTile(record)}
${tile('Speed', `${decimal(record.wallClock.realTimeFactor, 1)}×`, html`real time, in ${span(record.wallClock.wallSeconds * 1_000)}`)}
</dl>
</header>`;
}

function accuracyTile(name: string, { truth, measured, error }: RunRecord['accuracy']['footfall']): Html {
  return tile(
    name,
    whole(measured),
    html`truth ${whole(truth)}, ${signed(error)} (${error === 0 ? 'exact' : percent(error, truth)})`,
  );
}

function latencyTile({ latency }: RunRecord): Html {
  const endToEnd = latency.find(({ stage }) => stage === 'endToEnd');
  if (endToEnd === undefined) return NOTHING;
  return tile(
    'On the dashboard after',
    span(endToEnd.p50Ms),
    html`half the time; 95 % within ${span(endToEnd.p95Ms)}`,
  );
}

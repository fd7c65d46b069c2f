import type { ReplayRecord } from '../../replay-record.js';
import { decimal, percent, several, signed, span, whole } from '../figures.js';
import { type Html, html, NOTHING } from '../markup.js';
import type { ReplayView } from '../report-view.js';
import { tile, verdict, verdictSentence } from './verdict.js';

/** The top of a replay's page: name, verdict, and what was counted in a handful of numbers. */
export function replayOverview({ record, clock }: ReplayView): Html {
  const { replay, scenario, wallClock } = record;
  const { footage } = replay;
  return html`<header>
<p class="kicker">footfall replay report</p>
<h1>${footage.name}</h1>
<p class="verdict">${verdict(record)} <span>${verdictSentence(record)}</span></p>
<p class="soft">${several(footage.frames, 'frame')} of ${footage.widthPixels} × ${footage.heightPixels} pixels, ${span(footage.seconds * 1_000)}, played into an emulated camera as of ${clock.date(scenario.startAt)} (${clock.zone}).</p>
<dl class="tiles">
${countTile(replay)}
${crossingTile(replay)}
${trackingTiles(replay)}
${tile('Tracks', whole(replay.trackCount), html`followed through ${several(footage.frames, 'frame')}`)}
${tile('Speed', `${decimal(wallClock.realTimeFactor, 1)}×`, html`real time, in ${span(wallClock.wallSeconds * 1_000)}`)}
</dl>
</header>`;
}

function countTile({ counts, truePeople }: ReplayRecord['replay']): Html {
  const note =
    truePeople === null
      ? html`nobody knows the truth`
      : html`truth ${whole(truePeople)}, ${signed(counts.people - truePeople)} (${counts.people === truePeople ? 'exact' : percent(counts.people - truePeople, truePeople)})`;
  return tile('People counted', whole(counts.people), note);
}

function crossingTile({ counts, lines }: ReplayRecord['replay']): Html {
  if (counts.in === null || counts.out === null) return NOTHING;
  return tile(
    'In and out',
    `${whole(counts.in)} / ${whole(counts.out)}`,
    html`across ${several(lines.length, 'line')}`,
  );
}

function trackingTiles({ tracking }: ReplayRecord['replay']): Html {
  if (tracking === null) return NOTHING;
  return html`${tile('MOTA', decimal(tracking.mota, 3), html`${several(tracking.idSwitches, 'identity switch', 'identity switches')}`)}
${tile('IDF1', decimal(tracking.idf1, 3), html`${several(tracking.fragmentations, 'fragmentation')}`)}
${tile('Precision and recall', `${decimal(tracking.precision, 2)} / ${decimal(tracking.recall, 2)}`, html`boxes that overlap by half`)}`;
}

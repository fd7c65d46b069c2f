import type { ReplayFigures } from '../../replay-record.js';
import { decimal, several, signed, whole } from '../figures.js';
import { type Html, html, NOTHING } from '../markup.js';
import type { ReplayView, Section } from '../report-view.js';
import { number, table, text } from '../table.js';
import { pictureOf } from './replay-pictures.js';

/** How good the tracks are, and the frames where they are worst. */
export function trackingSection({ record }: ReplayView): Section {
  const { tracking, worstFrames } = record.replay;
  return {
    id: 'tracking',
    title: 'Tracking quality',
    body:
      tracking === null
        ? html`<p>Without ground truth nobody knows how good the tracks are. Give one with <code>--truth gt.txt</code>, in the format of the MOT Challenge.</p>`
        : html`<p>By the definitions of CLEAR MOT and IDF1; a box is right when it overlaps a true one by half.</p>
${qualityTable(tracking)}
${
  worstFrames.length === 0
    ? NOTHING
    : html`<h3>Frames with most errors</h3>
<p>Dashed boxes are the ground truth’s.</p>
<div class="frames">${worstFrames.map((frame) => pictureOf(frame.jpegBase64, captionOf(frame)))}</div>`
}`,
  };
}

function qualityTable(tracking: NonNullable<ReplayFigures['tracking']>): Html {
  return table({
    caption: 'Tracking quality',
    columns: [text('Figure'), number('Value'), text('What it means')],
    rows: [
      [
        'Precision',
        decimal(tracking.precision, 3),
        `${whole(tracking.falsePositives)} boxes with nobody in them`,
      ],
      ['Recall', decimal(tracking.recall, 3), `${whole(tracking.misses)} true boxes that were missed`],
      ['MOTA', decimal(tracking.mota, 3), '1 less missed, false and switched boxes per true box'],
      ['MOTP', decimal(tracking.motp, 3), 'mean overlap of the boxes that are right'],
      ['IDF1', decimal(tracking.idf1, 3), 'how much of everybody’s time they had one and the same number'],
      ['Identity switches', whole(tracking.idSwitches), 'somebody went on under another number'],
      ['Fragmentations', whole(tracking.fragmentations), 'somebody was lost and found again'],
      ['Count error', signed(tracking.countError), 'people counted less people there were'],
    ],
  });
}

function captionOf({
  frame,
  atSeconds,
  misses,
  falsePositives,
  idSwitches,
}: ReplayFigures['worstFrames'][number]): string {
  const what = [
    misses === 0 ? '' : `${whole(misses)} missed`,
    falsePositives === 0 ? '' : `${whole(falsePositives)} false`,
    idSwitches === 0 ? '' : several(idSwitches, 'switch', 'switches'),
  ].filter((part) => part !== '');
  return `frame ${whole(frame)}, ${decimal(atSeconds, 2)} s: ${what.join(', ')}`;
}

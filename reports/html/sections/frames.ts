import type { RunRecord } from '../../run-record.js';
import { several } from '../figures.js';
import { type Html, html, NOTHING } from '../markup.js';
import type { AnyView, Section } from '../report-view.js';

type Frame = RunRecord['frames'][number];

/** Characters of base64 that the page carries at most; the rest stays in the run record. */
const MOST_CHARACTERS = 2_000_000;

/** What the cameras saw, with the boxes of the detector. */
export function framesSection({ record, clock }: AnyView): Section {
  const shown = framesThatFit(record.frames);
  const leftOut = record.frames.length - shown.length;
  return {
    id: 'frames',
    title: 'Sample frames',
    body:
      record.frames.length === 0
        ? html`<p>This run took no sample frames.</p>`
        : html`${record.vision === 'truth' ? DRAWN_AFTERWARDS : NOTHING}<div class="frames">${shown.map((frame) => frameFigure(frame, clock.label(frame.at)))}</div>
${leftOut === 0 ? NOTHING : html`<p class="soft">${several(leftOut, 'more frame')} in the run record, <code>report.json</code>.</p>`}`,
  };
}

const DRAWN_AFTERWARDS = html`<p class="soft">Nobody looked at pixels in this run: these were drawn for the report, and the boxes are those of the detector’s model.</p>
`;

function framesThatFit(frames: readonly Frame[]): Frame[] {
  let characters = 0;
  return frames.filter(({ jpegBase64 }) => {
    characters += jpegBase64.length;
    return characters <= MOST_CHARACTERS;
  });
}

function frameFigure({ caption, jpegBase64 }: Frame, time: string): Html {
  return html`<figure><img src="data:image/jpeg;base64,${jpegBase64}" alt="${caption}, at ${time}"><figcaption>${time}, ${caption}</figcaption></figure>
`;
}

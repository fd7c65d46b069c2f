import type { ReplayFigures } from '../../replay-record.js';
import { decimal, several, whole } from '../figures.js';
import { type Html, html, NOTHING } from '../markup.js';
import type { ReplayView, Section } from '../report-view.js';

/** Tracks on the page; the run record has more. */
const MOST_TRACKS = 40;
const NO_PICTURES = html`<p>This replay kept no pictures.</p>`;

/** A filmstrip of every track: whom the tracker took for one person. */
export function tracksSection({ record }: ReplayView): Section {
  const { tracks, trackCount } = record.replay;
  const shown = tracks.slice(0, MOST_TRACKS);
  return {
    id: 'tracks',
    title: 'Tracks',
    body: html`<p>Each strip is what the tracker took for one person, in the colours of the camera. Two people in one strip are an identity switch; one person in two strips was lost and found again.</p>
${shown.length === 0 ? html`<p>Nobody was tracked.</p>` : html`<ol class="filmstrips">${shown.map(filmstrip)}</ol>`}
${trackCount <= shown.length ? NOTHING : html`<p class="soft">${several(trackCount - shown.length, 'more track')} not shown; the run record has those that were seen most.</p>`}`,
  };
}

function filmstrip({
  track,
  visitor,
  fromSeconds,
  toSeconds,
  sightings,
  pictures,
}: ReplayFigures['tracks'][number]): Html {
  const name = visitor === null ? 'too short to count' : `visitor ${visitor}`;
  return html`<li><p><strong>Track ${whole(track)}</strong> <span class="soft">${name}, ${decimal(fromSeconds, 1)}–${decimal(toSeconds, 1)} s, seen in ${several(sightings, 'frame')}</span></p>
<div class="strip">${pictures.map(({ atSeconds, jpegBase64 }) => html`<img src="data:image/jpeg;base64,${jpegBase64}" alt="Track ${whole(track)} at ${decimal(atSeconds, 1)} s">`)}</div></li>
`;
}

/** A few frames over the length of the footage, with boxes, numbers, lines and zones. */
export function momentsSection({ record }: ReplayView): Section {
  const { moments, groundTruth } = record.replay;
  return {
    id: 'moments',
    title: 'Annotated frames',
    body:
      moments.length === 0
        ? NO_PICTURES
        : html`<p>Evenly over the footage.${groundTruth === null ? '' : ' Dashed boxes are the ground truth’s.'}</p>
<div class="frames">${moments.map(({ atSeconds, people, jpegBase64 }) => pictureOf(jpegBase64, `${decimal(atSeconds, 1)} s: ${several(people, 'person', 'people')} in view`))}</div>`,
  };
}

export function pictureOf(jpegBase64: string, caption: string): Html {
  if (jpegBase64 === '') return html`<p class="soft">${caption}</p>`;
  return html`<figure><img src="data:image/jpeg;base64,${jpegBase64}" alt="${caption}"><figcaption>${caption}</figcaption></figure>
`;
}

import { whole } from '../figures.js';
import { html } from '../markup.js';
import type { AnyView, Section } from '../report-view.js';
import { folded, number, table, text } from '../table.js';

/** How much of the recordings of a Face API the run used, and what it asked for in vain. */
export function faceFixtureSection({ record }: AnyView): Section | null {
  const { faceFixture } = record;
  if (faceFixture === null) return null;
  const { file, recordings, stale, unmatched, unused, used, usedAsNearest } = faceFixture;
  const kinds: readonly (readonly [string, readonly string[]])[] = [
    ['Used', used],
    ['Used for a request that was not recorded', usedAsNearest],
    ['Unused', unused],
    ['Stale: asked for with other parameters', stale],
    ['Requests without an answer', unmatched],
  ];
  return {
    id: 'face-fixture',
    title: 'Face API fixture',
    body: html`<p>The Face API answered from <code>${file}</code>, ${whole(recordings)} recordings.</p>
${table({
  caption: 'Coverage',
  columns: [text('Recordings'), number('Number')],
  rows: kinds.map(([name, ids]) => [name, whole(ids.length)]),
})}
${kinds
  .slice(1)
  .filter(([, ids]) => ids.length > 0)
  .map(([name, ids]) =>
    folded(
      name,
      table({ caption: name, columns: [text('Id')], rows: ids.map((id) => [html`<code>${id}</code>`]) }),
    ),
  )}`,
  };
}

import { isReplay } from '../../replay-record.js';
import { several, whole } from '../figures.js';
import { html } from '../markup.js';
import type { AnyView, Section } from '../report-view.js';
import { number, table, text } from '../table.js';

/** What became of pictures and small groups, and what reading faces can and cannot tell. */
export function privacySection({ record }: AnyView): Section {
  const { privacy } = record;
  return {
    id: 'privacy',
    title: 'Privacy',
    body: html`<p>Pictures stay on the premises and are deleted once analysed; only anonymous events of an allow-list of fields leave. Visitors are known by pseudonyms whose salt changes ${privacy.pseudonymSaltRotation}.</p>
${table({
  caption: 'Privacy in this run',
  columns: [text('Figure'), number('Value')],
  rows: [
    ['Pictures taken', whole(privacy.picturesTaken)],
    ['Pictures deleted', whole(privacy.picturesDeleted)],
    ['Pictures left at the end', whole(privacy.picturesLeft)],
    ['Smallest group that is shown (k)', whole(privacy.kAnonymity)],
    ['Window rows withheld as too small', whole(privacy.rowsWithheld)],
    ['Window rows with numbers taken out', whole(privacy.rowsThinned)],
    ['Pseudonym salt', privacy.pseudonymSaltRotation],
  ],
})}
<h3>What “emotion”, “gender” and “age” mean here</h3>
<p>A model that reads a face sees pixels, not a person. What it calls <em>happiness</em> is the likeness of a picture to pictures that somebody once labelled so: faces do not show reliably what people feel, expressions differ between people and cultures, and a person smiles for many reasons. What it calls <em>gender</em> is a guess at two labels from looks; it says nothing about who somebody is, and it is wrong more often for some groups than for others. An <em>age band</em> is an estimate from looks as well.</p>
<p>Microsoft retired these attributes of its Face API (emotion, gender, age, smile, facial hair, hair and make-up) in June 2023 for reasons of this kind. In this simulator they come from ${isReplay(record) ? 'recorded answers or small local models' : html`recorded answers for ${several(record.truth.shoppers, 'simulated shopper')}`}: the numbers show how well the <em>pipeline</em> carries, joins and counts attributes, not how well anybody’s feelings can be read. Nothing of this kind should be used to decide about a single person, and in many places the law forbids it or asks for consent.</p>`,
  };
}

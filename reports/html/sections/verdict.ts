/** Whether everything held, at the top of a page, and the tiles beneath. */
import type { AnyRecord } from '../../replay-record.js';
import { runSucceeded } from '../../run-record.js';
import { several, whole } from '../figures.js';
import { type Content, type Html, html, NOTHING } from '../markup.js';

export function verdict(record: AnyRecord): Html {
  if (!record.complete)
    return html`<strong class="badge warn"><span aria-hidden="true">●</span> Interrupted</strong>`;
  return runSucceeded(record)
    ? html`<strong class="badge good"><span aria-hidden="true">✔</span> Passed</strong>`
    : html`<strong class="badge bad"><span aria-hidden="true">✘</span> Failed</strong>`;
}

export function verdictSentence(record: AnyRecord): Html {
  const { warnings } = record;
  return html`${heldSentence(record)}${warnings.length === 0 ? NOTHING : html` <a href="#warnings">${several(warnings.length, 'warning')}</a>.`}`;
}

function heldSentence({ complete, invariants, expectations }: AnyRecord): string {
  const checks = [...invariants, ...expectations];
  if (checks.length === 0)
    return complete ? 'Nothing was checked.' : 'It was interrupted before anything was checked.';
  const broken = checks.filter(({ ok }) => !ok).length;
  const all = several(checks.length, 'invariant and expectation', 'invariants and expectations');
  const held = broken === 0 ? `All ${all} held.` : `${whole(broken)} of ${all} did not hold.`;
  return complete ? held : `${held} The figures are those up to the interruption.`;
}

export function tile(name: string, value: string, note: Content): Html {
  return html`<div class="tile"><dt>${name}</dt><dd class="value">${value}</dd><dd class="soft">${note}</dd></div>
`;
}

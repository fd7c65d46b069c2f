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

export function verdictSentence({ complete, invariants, expectations, warnings }: AnyRecord): Html {
  const checks = [...invariants, ...expectations];
  const broken = checks.filter(({ ok }) => !ok).length;
  const held =
    checks.length === 0
      ? 'Nothing was checked.'
      : broken === 0
        ? `All ${several(checks.length, 'invariant and expectation', 'invariants and expectations')} held.`
        : `${whole(broken)} of ${several(checks.length, 'invariant and expectation', 'invariants and expectations')} did not hold.`;
  const cut = complete ? '' : ' The figures are those up to the interruption.';
  return html`${held}${cut}${warnings.length === 0 ? NOTHING : html` <a href="#warnings">${several(warnings.length, 'warning')}</a>.`}`;
}

export function tile(name: string, value: string, note: Content): Html {
  return html`<div class="tile"><dt>${name}</dt><dd class="value">${value}</dd><dd class="soft">${note}</dd></div>
`;
}

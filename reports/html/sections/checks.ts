import type { Check, Expectation } from '../../run-record.js';
import { verdictBadge, words } from '../figures.js';
import { type Html, html } from '../markup.js';
import type { AnyView, Section } from '../report-view.js';
import { folded, table, text } from '../table.js';

/** What had to hold: expectations of the scenario and invariants of every run; the broken ones first. */
export function checksSection({ record }: AnyView): Section {
  return {
    id: 'checks',
    title: 'Expectations and invariants',
    body: html`${expectations(record.expectations)}${invariants(record.invariants)}`,
  };
}

function expectations(all: readonly Expectation[]): Html {
  if (all.length === 0) return html`<p>The scenario states no expectations.</p>`;
  return table({
    caption: 'Expectations: what the scenario asks for',
    columns: [
      text('Expectation'),
      text('Verdict'),
      text('Expected'),
      text('Actual'),
      text('What was found'),
      text('Where'),
    ],
    rows: brokenFirst(all).map((check) => [
      check.name,
      verdictBadge(check.ok),
      check.expected,
      check.actual,
      found(check),
      html`<code>${check.at}</code>`,
    ]),
  });
}

function invariants(all: readonly Check[]): Html {
  if (all.length === 0) return html`<p>No invariants were checked.</p>`;
  const content = table({
    caption: 'Invariants: what must hold in every run',
    columns: [text('Invariant'), text('Verdict'), text('What was found')],
    rows: brokenFirst(all).map((check) => [check.name, verdictBadge(check.ok), found(check)]),
  });
  const broken = all.filter(({ ok }) => !ok).length;
  return broken === 0 ? folded(`All ${all.length} invariants held`, content) : content;
}

function found({ message, stage, ok }: Check): string {
  return ok || stage === null ? message : `${message} (stage: ${words(stage)})`;
}

function brokenFirst<Kind extends Check>(checks: readonly Kind[]): Kind[] {
  return [...checks.filter(({ ok }) => !ok), ...checks.filter(({ ok }) => ok)];
}

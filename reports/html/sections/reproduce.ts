import type { RunRecord } from '../../run-record.js';
import { html } from '../markup.js';
import type { ReportView, Section } from '../report-view.js';

/** The command that gives the same run again. */
export function reproduceSection({ record }: ReportView): Section {
  return {
    id: 'reproduce',
    title: 'How to reproduce this run',
    body: html`<pre class="command">${commandFor(record)}</pre>
<p>With ${record.tool.name} ${record.tool.version} and the same scenario and fixtures this gives the digest</p>
<pre>${record.digest}</pre>
<p>again, on any machine and in either fidelity. Add <code>--check</code> to run it twice and have the two traces compared. Speed, memory and the machine are not part of the digest. All figures of this page come from the run record, <code>report.json</code>.</p>`,
  };
}

function commandFor({ scenario, seed, vision, fidelity, mutation }: RunRecord): string {
  return [
    'footfall run',
    shellWord(scenario.file),
    `--seed ${shellWord(seed)}`,
    `--vision ${vision}`,
    `--fidelity ${fidelity}`,
    ...(mutation === null ? [] : [`--mutate ${shellWord(mutation)}`]),
  ].join(' ');
}

/** Quoted for a POSIX shell where it needs to be. */
function shellWord(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

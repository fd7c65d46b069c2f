import { type AnyRecord, isReplay } from '../../replay-record.js';
import { html } from '../markup.js';
import type { AnyView, Section } from '../report-view.js';

/** The command that gives the same run again. */
export function reproduceSection({ record }: AnyView): Section {
  return {
    id: 'reproduce',
    title: 'How to reproduce this run',
    body: html`<pre class="command">${commandFor(record)}</pre>
<p>With ${record.tool.name} ${record.tool.version} and the same ${isReplay(record) ? 'footage' : 'scenario'} and fixtures this gives the digest</p>
<pre>${record.digest}</pre>
<p>again, on any machine and in either fidelity. ${isReplay(record) ? '' : html`Add <code>--check</code> to run it twice and have the two traces compared. `}Speed, memory and the machine are not part of the digest. All figures of this page come from the run record, <code>report.json</code>.</p>`,
  };
}

function commandFor(record: AnyRecord): string {
  if (isReplay(record)) return record.replay.command.map(shellWord).join(' ');
  const { scenario, seed, vision, fidelity, mutation } = record;
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

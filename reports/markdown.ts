/** A summary in Markdown, for a pull request or a job's summary page. */
import { type AttributionRow, type RunRecord, runSucceeded } from './run-record.js';

export function renderMarkdown(record: RunRecord): string {
  const { scenario, accuracy, wallClock } = record;
  const verdict = runSucceeded(record) ? '✅ passed' : record.complete ? '❌ failed' : '⚠️ interrupted';
  return [
    `# ${plain(scenario.name)}: ${verdict}`,
    '',
    ...(scenario.description === '' ? [] : [plain(scenario.description), '']),
    '| | truth | measured | error |',
    '|---|---:|---:|---:|',
    accuracyRow('Footfall', accuracy.footfall),
    accuracyRow('Unique visitors', accuracy.unique),
    accuracyRow('Returning visitors', accuracy.returning),
    accuracyRow('Women', accuracy.demographics.females),
    accuracyRow('Men', accuracy.demographics.males),
    accuracyRow('Mood (−1 to 1)', accuracy.emotion, 2),
    '',
    '## Checks',
    '',
    ...[...record.invariants, ...record.expectations].map(
      ({ ok, name, message }) => `- ${ok ? '✅' : '❌'} **${plain(name)}**: ${plain(message)}`,
    ),
    '',
    '## Where people were missed',
    '',
    '| cause | people, summed over windows | share of the truth |',
    '|---|---:|---:|',
    ...causeRows(record.attribution),
    '',
    '## Latency',
    '',
    '| stage | p50 | p95 | p99 |',
    '|---|---:|---:|---:|',
    ...record.latency.map(
      ({ stage, p50Ms, p95Ms, p99Ms }) => `| ${plain(stage)} | ${p50Ms} ms | ${p95Ms} ms | ${p99Ms} ms |`,
    ),
    '',
    ...(record.warnings.length === 0
      ? []
      : ['## Warnings', '', ...record.warnings.map((line) => `- ${plain(line)}`), '']),
    `Seed \`${record.seed}\`, ${record.fidelity}, vision ${record.vision}; digest \`${record.digest}\`; ${record.virtualSeconds} s of store time in ${wallClock.wallSeconds.toFixed(1)} s (${wallClock.realTimeFactor.toFixed(1)}× real time).`,
    '',
  ].join('\n');
}

function accuracyRow(name: string, figures: RunRecord['accuracy']['footfall'], digits = 0): string {
  const { truth, measured, error } = figures;
  const sign = error > 0 ? '+' : '';
  return `| ${name} | ${truth.toFixed(digits)} | ${measured.toFixed(digits)} | ${sign}${error.toFixed(digits)} |`;
}

const CAUSES = [
  'unseen',
  'undetected',
  'notCaptured',
  'lost',
  'late',
  'suppressed',
  'doubleCounted',
  'misAnalysed',
] as const;

function causeRows(attribution: readonly AttributionRow[]): string[] {
  const rows = attribution.filter(({ quantity }) => quantity === 'people');
  const truth = rows.reduce((sum, row) => sum + row.truth, 0);
  return CAUSES.map((cause) => {
    const count = rows.reduce((sum, row) => sum + row[cause], 0);
    return `| ${cause} | ${count} | ${truth === 0 ? '–' : `${((100 * count) / truth).toFixed(1)} %`} |`;
  });
}

/** Text that Markdown must not read as markup. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|#]/g, (mark) => `\\${mark}`).replaceAll('\n', ' ');
}

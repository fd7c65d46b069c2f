/** A summary in Markdown, for a pull request or a job's summary page. */
import { type AnyRecord, isReplay, type ReplayRecord } from './replay-record.js';
import { type AttributionRow, interruptionOf, type RunRecord, runSucceeded } from './run-record.js';

export function renderMarkdown(record: AnyRecord): string {
  return isReplay(record) ? replayMarkdown(record) : runMarkdown(record);
}

function runMarkdown(record: RunRecord): string {
  const { scenario, accuracy, wallClock } = record;
  return [
    `# ${plain(scenario.name)}: ${verdictOf(record)}`,
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
    ...checkLines(record),
    '## Where people were missed',
    '',
    '| cause | people, summed over windows | share of the truth |',
    '|---|---:|---:|',
    ...causeRows(record.attribution),
    '',
    ...latencyLines(record),
    ...warningLines(record),
    `Seed \`${record.seed}\`, ${record.fidelity}, vision ${record.vision}; digest \`${record.digest}\`; ${record.virtualSeconds} s of store time in ${wallClock.wallSeconds.toFixed(1)} s (${wallClock.realTimeFactor.toFixed(1)}× real time).`,
    ...detectorLines(record),
    '',
  ].join('\n');
}

/** Which backend served, for it decides the speed; as code, since an @ outside of it calls somebody on GitHub. */
function detectorLines({ components }: AnyRecord): readonly string[] {
  const detector = components.find(({ component }) => component === 'detector');
  return detector === undefined ? [] : ['', `Detector: \`${detector.what}\`.`];
}

function replayMarkdown(record: ReplayRecord): string {
  const { replay, wallClock } = record;
  const { counts, footage, tracking, truePeople } = replay;
  const row = (name: string, measured: number, truth: number | null) =>
    `| ${plain(name)} | ${measured} | ${truth ?? 'unknown'} | ${truth === null ? '–' : withSign(measured - truth)} |`;
  return [
    `# ${plain(footage.name)}: ${verdictOf(record)}`,
    '',
    '| | counted | truth | error |',
    '|---|---:|---:|---:|',
    row('People', counts.people, truePeople),
    ...replay.lines.flatMap((line) => [
      row(`${line.id}, in`, line.in, line.trueIn),
      row(`${line.id}, out`, line.out, line.trueOut),
    ]),
    ...replay.zones.map((zone) => row(`${zone.name}, stays`, zone.stays, zone.trueStays)),
    '',
    ...(tracking === null
      ? []
      : [
          '| precision | recall | MOTA | MOTP | IDF1 | identity switches | fragmentations |',
          '|---:|---:|---:|---:|---:|---:|---:|',
          `| ${[tracking.precision, tracking.recall, tracking.mota, tracking.motp, tracking.idf1].map((share) => share.toFixed(3)).join(' | ')} | ${tracking.idSwitches} | ${tracking.fragmentations} |`,
          '',
        ]),
    ...checkLines(record),
    ...latencyLines(record),
    ...warningLines(record),
    `${footage.frames} frames, ${footage.seconds} s, played in ${wallClock.wallSeconds.toFixed(1)} s (${wallClock.realTimeFactor.toFixed(1)}× real time); seed \`${record.seed}\`, ${record.fidelity}; digest \`${record.digest}\`.`,
    ...detectorLines(record),
    '',
  ].join('\n');
}

function verdictOf(record: AnyRecord): string {
  return runSucceeded(record) ? '✅ passed' : record.complete ? '❌ failed' : '⚠️ interrupted';
}

function checkLines(record: AnyRecord): string[] {
  const interruption = interruptionOf(record);
  const lines = [...record.invariants, ...record.expectations].map(
    ({ ok, name, message }) => `- ${ok ? '✅' : '❌'} **${plain(name)}**: ${plain(message)}`,
  );
  if (interruption !== null) lines.unshift(`- ⚠️ ${interruption}`);
  return ['## Checks', '', ...lines, ''];
}

function latencyLines({ latency }: AnyRecord): string[] {
  const rows = latency.map(
    ({ stage, p50Ms, p95Ms, p99Ms }) => `| ${plain(stage)} | ${p50Ms} ms | ${p95Ms} ms | ${p99Ms} ms |`,
  );
  return ['## Latency', '', '| stage | p50 | p95 | p99 |', '|---|---:|---:|---:|', ...rows, ''];
}

function warningLines({ warnings }: AnyRecord): string[] {
  return warnings.length === 0 ? [] : ['## Warnings', '', ...warnings.map((line) => `- ${plain(line)}`), ''];
}

function withSign(value: number): string {
  return value > 0 ? `+${value}` : String(value);
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

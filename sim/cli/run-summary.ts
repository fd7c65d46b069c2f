import { relative } from 'node:path';
import Table from 'cli-table3';
import pc from 'picocolors';
import type { AnyRecord } from '../../reports/replay-record.js';
import {
  type AttributionRow,
  interruptionOf,
  type RunRecord,
  runSucceeded,
} from '../../reports/run-record.js';
import { clockText } from './progress.js';

const BARS = '▁▂▃▄▅▆▇█';
const SPARK_WIDTH = 48;
const SHORT_DIGEST = 16;

/** What a person reads when a run ends: verdict, the shop's day in numbers, where errors arose, what to open. */
export function summarise(record: RunRecord, out: string): string {
  return [
    '',
    headline(record),
    '',
    accuracyTable(record),
    '',
    `  inside  ${sparkline(record.truth.footfallByWindow.map(({ inside }) => inside))}  people in the store`,
    `  missed  ${causesLine(record)}`,
    `  speed   ${speedLine(record)}`,
    '',
    ...verdictLines(record),
    '',
    `  ${pc.dim('digest')}  ${record.digest.slice(0, SHORT_DIGEST)}  ${pc.dim(`seed ${record.seed}, ${record.fidelity}, ${record.vision}`)}`,
    `  ${pc.dim('report')}  ${pc.underline(relative(process.cwd(), `${out}/report.html`))}`,
    '',
  ].join('\n');
}

function headline(record: RunRecord): string {
  const { truth, scenario, virtualSeconds } = record;
  const verdict = runSucceeded(record)
    ? pc.green(pc.bold('✔ passed'))
    : record.complete
      ? pc.red(pc.bold('✘ failed'))
      : pc.yellow(pc.bold('● interrupted'));
  return `  ${verdict}  ${pc.bold(scenario.name)}: ${truth.visits} visits in ${clockText(virtualSeconds * 1_000)} of store time`;
}

function accuracyTable({ accuracy }: RunRecord): string {
  const table = new Table({
    head: ['', 'truth', 'measured', 'error'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: pc.isColorSupported ? ['gray'] : [], compact: true },
  });
  const add = (name: string, { truth, measured, error }: RunRecord['accuracy']['footfall'], digits = 0) =>
    table.push([name, truth.toFixed(digits), measured.toFixed(digits), signed(error, digits)]);
  add('footfall', accuracy.footfall);
  add('unique visitors', accuracy.unique);
  add('returning visitors', accuracy.returning);
  add('women, % of visitors', scaled(accuracy.demographics.females, accuracy.demographics.males));
  add('mood, −1 to 1', accuracy.emotion, 2);
  return table
    .toString()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

/** Women as a percentage of women and men, in truth and as measured. */
function scaled(females: RunRecord['accuracy']['footfall'], males: RunRecord['accuracy']['footfall']) {
  const percent = (women: number, men: number) => (women + men === 0 ? 0 : (100 * women) / (women + men));
  const truth = percent(females.truth, males.truth);
  const measured = percent(females.measured, males.measured);
  return { truth, measured, error: measured - truth };
}

function signed(value: number, digits: number): string {
  const text = `${value > 0 ? '+' : value < 0 ? '−' : '±'}${Math.abs(value).toFixed(digits)}`;
  return value === 0 ? pc.green(text) : pc.yellow(text);
}

/** A row of bars, each the mean of an equal part of `values`. */
export function sparkline(values: readonly number[], width = SPARK_WIDTH): string {
  if (values.length === 0) return '';
  const cells = Math.min(width, values.length);
  const means = Array.from({ length: cells }, (_, cell) => {
    const part = values.slice(
      Math.floor((cell * values.length) / cells),
      Math.floor(((cell + 1) * values.length) / cells),
    );
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const top = Math.max(...means, 1e-9);
  return means
    .map((mean) => BARS[Math.min(BARS.length - 1, Math.floor((mean / top) * BARS.length))])
    .join('');
}

const CAUSES: readonly (readonly [keyof AttributionRow, string])[] = [
  ['unseen', 'in no camera’s view'],
  ['undetected', 'not detected'],
  ['notCaptured', 'not captured in time'],
  ['lost', 'lost on the way'],
  ['late', 'late'],
  ['suppressed', 'withheld'],
];

function causesLine({ attribution }: RunRecord): string {
  const rows = attribution.filter(({ quantity }) => quantity === 'people');
  const total = (cause: keyof AttributionRow) => rows.reduce((sum, row) => sum + Number(row[cause]), 0);
  const truth = total('truth');
  const parts = CAUSES.map(([cause, words]) => [total(cause), words] as const).filter(([count]) => count > 0);
  if (truth === 0 || parts.length === 0) return pc.dim('nobody');
  return parts
    .map(([count, words]) => `${((100 * count) / truth).toFixed(1)} % ${words}`)
    .join(pc.dim(' · '));
}

function speedLine({ wallClock, latency, virtualSeconds }: RunRecord): string {
  const endToEnd = latency.find(({ stage }) => stage === 'endToEnd');
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  const delay =
    endToEnd === undefined
      ? ''
      : pc.dim(` · dashboard after ${seconds(endToEnd.p50Ms)} (p95 ${seconds(endToEnd.p95Ms)})`);
  return `${clockText(virtualSeconds * 1_000)} in ${wallClock.wallSeconds.toFixed(1)} s, ${wallClock.realTimeFactor.toFixed(1)}× real time, ${Math.round(wallClock.peakRssMb)} MB${delay}`;
}

export function verdictLines(record: AnyRecord): string[] {
  const checks = [...record.invariants, ...record.expectations];
  const failed = checks.filter(({ ok }) => !ok);
  const held = `${checks.length - failed.length} of ${checks.length} invariants and expectations held`;
  const interruption = interruptionOf(record);
  return [
    ...(interruption === null ? [] : [`  ${pc.yellow('●')} ${interruption}`]),
    ...(interruption !== null && checks.length === 0 ? [] : [`  ${pc.green('✔')} ${held}`]),
    ...failed.map(
      ({ name, message, stage }) =>
        `  ${pc.red('✘')} ${name}: ${message}${stage === null ? '' : pc.dim(` (stage: ${stage})`)}`,
    ),
    ...record.warnings.map((warning) => `  ${pc.yellow('!')} ${warning}`),
  ];
}

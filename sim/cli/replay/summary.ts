import { relative } from 'node:path';
import Table from 'cli-table3';
import pc from 'picocolors';
import type { ReplayRecord } from '../../../reports/replay-record.js';
import { runSucceeded } from '../../../reports/run-record.js';
import { clockText } from '../progress.js';
import { sparkline, verdictLines } from '../run-summary.js';

const SHORT_DIGEST = 16;

/** What a person reads when a replay ends: verdict, counts beside the truth, how good the tracks are. */
export function summariseReplay(record: ReplayRecord, out: string): string {
  const { replay, wallClock } = record;
  const { footage, tracking } = replay;
  return [
    '',
    headline(record),
    '',
    countsTable(record),
    '',
    ...(tracking === null
      ? [`  tracks   ${pc.dim('no ground truth: nobody knows how good they are (--truth gt.txt)')}`]
      : [
          `  tracks   MOTA ${tracking.mota.toFixed(3)}  IDF1 ${tracking.idf1.toFixed(3)}  precision ${tracking.precision.toFixed(3)}  recall ${tracking.recall.toFixed(3)}`,
          `           ${tracking.idSwitches} identity switches, ${tracking.fragmentations} fragmentations`,
        ]),
    `  in view  ${sparkline(replay.timeline.map(({ inView }) => inView))}`,
    `  speed    ${footage.frames} frames in ${wallClock.wallSeconds.toFixed(1)} s, ${wallClock.realTimeFactor.toFixed(1)}× real time, ${Math.round(wallClock.peakRssMb)} MB`,
    '',
    ...verdictLines(record),
    '',
    `  ${pc.dim('digest')}  ${record.digest.slice(0, SHORT_DIGEST)}  ${pc.dim(`seed ${record.seed}, ${record.fidelity}`)}`,
    `  ${pc.dim('report')}  ${pc.underline(relative(process.cwd(), `${out}/report.html`))}`,
    '',
  ].join('\n');
}

function headline(record: ReplayRecord): string {
  const { footage } = record.replay;
  const verdict = runSucceeded(record)
    ? pc.green(pc.bold('✔ passed'))
    : record.complete
      ? pc.red(pc.bold('✘ failed'))
      : pc.yellow(pc.bold('● interrupted'));
  return `  ${verdict}  ${pc.bold(footage.name)}: ${footage.frames} frames, ${clockText(footage.seconds * 1_000)}`;
}

function countsTable({ replay }: ReplayRecord): string {
  const table = new Table({
    head: ['', 'counted', 'truth'],
    colAligns: ['left', 'right', 'right'],
    style: { head: [], border: pc.isColorSupported ? ['gray'] : [], compact: true },
  });
  const add = (name: string, measured: number, truth: number | null) =>
    table.push([name, String(measured), truth === null ? pc.dim('unknown') : againstTruth(measured, truth)]);
  add('people', replay.counts.people, replay.truePeople);
  for (const line of replay.lines) {
    add(`${line.id}, in`, line.in, line.trueIn);
    add(`${line.id}, out`, line.out, line.trueOut);
  }
  for (const zone of replay.zones) add(`${zone.name}, stays`, zone.stays, zone.trueStays);
  return table
    .toString()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

function againstTruth(measured: number, truth: number): string {
  return measured === truth ? pc.green(String(truth)) : pc.yellow(String(truth));
}

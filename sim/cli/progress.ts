import { SingleBar } from 'cli-progress';
import pc from 'picocolors';
import type { Progress } from '../run/world/world-messages.js';

export interface ProgressView {
  show(progress: Progress): void;
  close(): void;
}

const PLAIN_LINE_EVERY_MS = 5_000;
const MS_PER_SECOND = 1_000;

const PHASES: Readonly<Record<Progress['phase'], string>> = {
  starting: 'starting',
  running: 'running',
  draining: 'draining',
  writing: 'writing',
};

/** Progress on stderr: a bar on a terminal, a plain line every few seconds elsewhere, nothing when quiet. */
export function openProgress(name: string, quiet: boolean): ProgressView {
  if (quiet) return { show: () => {}, close: () => {} };
  return process.stderr.isTTY ? barView(name) : lineView(name);
}

function barView(name: string): ProgressView {
  const startedMs = performance.now();
  const bar = new SingleBar({
    format: `${pc.bold(name)} ${pc.cyan('{bar}')} {clock} {speed} ${pc.dim('{left} {counters}')}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    stream: process.stderr,
    linewrap: false,
  });
  let started = false;
  return {
    show(progress) {
      const fields = fieldsOf(progress, performance.now() - startedMs);
      if (!started) bar.start(progress.durationMs, progress.virtualMs, fields);
      started = true;
      bar.update(progress.virtualMs, fields);
    },
    close() {
      if (started) bar.stop();
    },
  };
}

function lineView(name: string): ProgressView {
  const startedMs = performance.now();
  let shownAtMs = Number.NEGATIVE_INFINITY;
  return {
    show(progress) {
      const nowMs = performance.now();
      if (nowMs - shownAtMs < PLAIN_LINE_EVERY_MS) return;
      shownAtMs = nowMs;
      const { clock, speed, left, counters } = fieldsOf(progress, nowMs - startedMs);
      process.stderr.write(`${name}: ${PHASES[progress.phase]} ${clock} ${speed} ${left} ${counters}\n`);
    },
    close: () => {},
  };
}

function fieldsOf(progress: Progress, elapsedMs: number) {
  const { virtualMs, durationMs, phase, stages } = progress;
  const speed = virtualMs / Math.max(1, elapsedMs);
  const leftMs = speed > 0 ? (durationMs - virtualMs) / speed : 0;
  return {
    clock: `${clockText(virtualMs)}/${clockText(durationMs)}`,
    speed: phase === 'running' ? `${speed.toFixed(speed < 10 ? 1 : 0)}×` : PHASES[phase],
    left: phase === 'running' && virtualMs > 0 ? `${clockText(leftMs)} left` : '',
    counters: stages.map(({ stage, out }) => `${stage} ${out}`).join(' · '),
  };
}

/** `m:ss`, or `h:mm:ss` from an hour on. */
export function clockText(ms: number): string {
  const total = Math.max(0, Math.round(ms / MS_PER_SECOND));
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const tail = `${String(minutes).padStart(hours > 0 ? 2 : 1, '0')}:${String(seconds).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/** Runs the built command line as a user's shell would. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'dist/sim/cli/main.js');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with what has come on stderr so far, and the signal sender. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

export function footfall(args: readonly string[], options: CallOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, NO_COLOR: '1', ...options.env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      stderr += data;
      options.onStderr?.(stderr, (signal) => child.kill(signal));
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** A folder of its own for a test's files. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'footfall-'));
  private files = 0;

  /** Writes a scenario in the corner shop and returns its path; `lines` follow name, store and time. */
  scenario(duration: string, lines: readonly string[] = [], name = 'short-shop'): string {
    const file = this.path(`${name}-${++this.files}.yaml`);
    const head = [
      `name: ${name}`,
      `store: ${ROOT}/scenarios/stores/corner-shop.yaml`,
      `time: { start: 2026-03-07T10:00, duration: ${duration}, timeZone: Europe/London }`,
    ];
    writeFileSync(file, [...head, ...lines, ''].join('\n'));
    return file;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

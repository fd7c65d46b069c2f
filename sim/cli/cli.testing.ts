/** Runs the built command line as a user's shell would. */
import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
const MAIN = 'dist/sim/cli/main.js';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that footfall is installed in; default: this one. */
  readonly installation?: string;
  /** Called with what has come on stderr so far, and the signal sender. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
  /** The same for stdout. */
  readonly onStdout?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

export function footfall(args: readonly string[], options: CallOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(options.installation ?? ROOT, MAIN), ...args], {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, NO_COLOR: '1', ...options.env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => {
      stdout += data;
      options.onStdout?.(stdout, (signal) => child.kill(signal));
    });
    child.stderr.on('data', (data) => {
      stderr += data;
      options.onStderr?.(stderr, (signal) => child.kill(signal));
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** What an installation consists of, apart from the packages that it depends on. */
const INSTALLED = [
  'dist',
  'fixtures',
  'pipeline',
  'package.json',
  'tsconfig.json',
  'sim/camera/error-model.json',
];

/** A copy of this installation in `folder`, for tests that damage it. */
export function copyInstallation(folder: string): string {
  for (const part of INSTALLED)
    cpSync(join(ROOT, part), join(folder, part), { recursive: true, dereference: true });
  // A folder of links, so that one package can be replaced.
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    symlinkSync(realpathSync(join(ROOT, 'node_modules', name)), join(folder, 'node_modules', name));
  return folder;
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

/** What `footfall up` prints to be pasted: each module out of the terminal's text runs as it stands. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT, Workplace } from './cli.testing.js';

const PATIENCE_MS = 120_000;
const run = promisify(execFile);
const workplace = new Workplace();
let up: ChildProcess;
let printed = '';

beforeAll(async () => {
  symlinkSync(join(ROOT, 'node_modules'), workplace.path('node_modules'));
  // A folder whose name needs care in a string of JavaScript.
  const data = workplace.path("owner's data");
  const main = join(ROOT, 'dist/sim/cli/main.js');
  up = spawn(process.execPath, [main, 'up', '--port-base', '0', '--data', data, '--real', 'cam-entrance'], {
    env: { ...process.env, NO_COLOR: '1' },
  });
  await new Promise<void>((resolve, reject) => {
    up.once('exit', (code) => reject(new Error(`it ended with ${code} after ${printed}`)));
    up.stdout?.on('data', (text) => {
      printed += text;
      if (/listBlobsFlat.*\n\n/.test(printed)) resolve();
    });
  });
}, PATIENCE_MS);
afterAll(async () => {
  const exit = once(up, 'exit');
  up.kill('SIGINT');
  await exit;
  workplace.remove();
});

/** The printed module of which `title` tells, as a user cuts it out of the terminal. */
function cutOut(title: RegExp): string {
  const parts = printed.split(/^With (.*):\n\n/m);
  const at = parts.findIndex((part, index) => index % 2 === 1 && title.test(part));
  if (at < 0) throw new Error(`no snippet is for ${title} in ${printed}`);
  return parts[at + 1] ?? '';
}

async function runPasted(title: RegExp): Promise<string> {
  const file = workplace.path('pasted.mjs');
  writeFileSync(file, cutOut(title));
  return (await run(process.execPath, [file], { timeout: PATIENCE_MS })).stdout;
}

describe('a snippet that footfall up prints', () => {
  test(
    'sends as a device, and the next one receives it at the built-in endpoint',
    async () => {
      expect(await runPasted(/device SDK/)).toBe('');
      expect(await runPasted(/Event Hubs consumer/)).toBe('hello\n');
    },
    PATIENCE_MS,
  );

  test(
    'puts a blob and finds it in the list, as often as it is run',
    async () => {
      expect(await runPasted(/blob storage/)).toBe('hello.txt\n');
      expect(await runPasted(/blob storage/)).toBe('hello.txt\n');
    },
    PATIENCE_MS,
  );
});

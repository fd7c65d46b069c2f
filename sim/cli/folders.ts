/** Folders that commands write to. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { writeWhole } from '../run/write-whole.js';
import { systemFailure } from './failure.js';

/**
 * Makes `folder` where it is missing, and finds out whether it can be written to before anything else begins. Throws
 * `ComponentError`, which names `option`, when it cannot.
 */
export function openFolder(folder: string, option: string): void {
  try {
    make(resolve(folder));
    const probe = join(folder, '.probe');
    writeWhole(probe, '');
    rmSync(probe);
  } catch (error) {
    throw systemFailure(error as NodeJS.ErrnoException, option);
  }
}

/** One folder after the other: Node's own `recursive` never ends where a parent is there but takes no folders. */
function make(folder: string): void {
  if (existsSync(folder)) return;
  make(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

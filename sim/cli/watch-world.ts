import pc from 'picocolors';
import type { AnyRecord } from '../../reports/replay-record.js';
import type { RunningWorld } from '../run/world/start-world.js';
import type { Progress } from '../run/world/world-messages.js';
import { EXIT } from './exit-codes.js';
import { openProgress } from './progress.js';

export interface Outcome<Record> {
  readonly record: Record;
  readonly interrupted: boolean;
}

/** Shows how far a world is, and ends it where it stands when the person asks for that. */
export async function watchWorld<Record extends AnyRecord>(
  start: (onProgress: (progress: Progress) => void) => RunningWorld<Record>,
  name: string,
  quiet: boolean,
): Promise<Outcome<Record>> {
  const progress = openProgress(name, quiet);
  const world = start(progress.show);
  let interrupted = false;
  const onSignal = () => {
    if (interrupted) process.exit(EXIT.interrupted);
    interrupted = true;
    warn('interrupted: writing what there is (again to stop at once)');
    world.interrupt();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return { record: await world.result, interrupted };
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    progress.close();
  }
}

export function warn(line: string): void {
  process.stderr.write(`${pc.yellow('warning')} ${line}\n`);
}

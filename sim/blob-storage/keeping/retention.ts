import type { Clock, Timer } from '../../kernel/services.js';
import type { BlobClient } from '../client/blob-client.js';

export interface RetentionPolicy {
  readonly container: string;
  /** Blobs last written this long ago or longer are deleted. */
  readonly keepMs: number;
  /** Between two sweeps. */
  readonly everyMs: number;
}

export interface RetentionSweep {
  /** Blobs deleted so far. */
  readonly deleted: number;
  stop(): void;
}

/**
 * Deletes what is older than its retention, again and again, as a lifecycle rule does. `client` should be one
 * from within (no link): the service does this itself. `onFailure` hears what a sweep could not do; the next
 * sweep tries again.
 */
export function startRetentionSweep(
  clock: Clock,
  client: Pick<BlobClient, 'list' | 'delete'>,
  policy: RetentionPolicy,
  onFailure: (error: unknown) => void,
): RetentionSweep {
  let deleted = 0;
  let isStopped = false;
  let timer: Timer = clock.after(policy.everyMs, run);

  function run(): void {
    sweep()
      .catch(onFailure)
      .then(() => {
        if (!isStopped) timer = clock.after(policy.everyMs, run);
      });
  }

  async function sweep(): Promise<void> {
    const expiredBeforeMs = clock.now() - policy.keepMs;
    for (const { name, lastModifiedMs } of await client.list(policy.container)) {
      if (lastModifiedMs > expiredBeforeMs) continue;
      if (await client.delete(policy.container, name)) deleted++;
    }
  }

  return {
    get deleted() {
      return deleted;
    },
    stop() {
      isStopped = true;
      timer.cancel();
    },
  };
}

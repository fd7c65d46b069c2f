/** Looks that were taken ahead of time, kept until their camera asks for them. */
import { workerEntry } from '../../kernel/index.js';
import { StoreFeed } from '../../store/feed/store-feed.js';
import type { StoreInput } from '../../store/simulation.js';
import type { ForesightOptions, SeenChunk } from './foresight.js';
import { type ForeseenLook, type LookColumns, readLook } from './look-columns.js';

/** Starts the store's thread, which looks at the store as well. */
export function foreseeStore(
  input: StoreInput,
  foresight: Pick<ForesightOptions, 'lookIntervalMs' | 'messageDelayMs'>,
): StoreFeed<SeenChunk> {
  const { plan, seed, startMs } = input;
  const options: ForesightOptions = { plan, seed, startMs, ...foresight };
  return new StoreFeed<SeenChunk>(input, {
    entry: workerEntry(import.meta.url, './foresight-worker.js'),
    more: { foresight: options },
  });
}

interface KeptLook {
  readonly atMs: number;
  readonly columns: LookColumns;
  readonly row: number;
}

export class LooksAhead {
  /** Of each camera, the looks still to come, in the order of time. */
  private readonly kept: readonly KeptLook[][];
  private readonly indexOf: ReadonlyMap<string, number>;
  private readonly emptyStores = new Map<number, Uint8Array>();

  constructor(cameraIds: readonly string[]) {
    this.kept = cameraIds.map(() => []);
    this.indexOf = new Map(cameraIds.map((id, index) => [id, index]));
  }

  append({ looks: columns, emptyStores }: Pick<SeenChunk, 'looks' | 'emptyStores'>): void {
    for (const { camera, jpeg } of emptyStores) this.emptyStores.set(camera, jpeg);
    columns.camera.forEach((camera, row) => {
      this.kept[camera]?.push({ atMs: columns.atMs[row] ?? 0, columns, row });
    });
  }

  /** The empty store as a camera sees it; undefined before its first picture. */
  emptyStore(cameraId: string): Uint8Array | undefined {
    return this.emptyStores.get(this.indexOf.get(cameraId) ?? -1);
  }

  /** The look of a camera at an instant; null when it was not foreseen. Looks before it are given up. */
  take(cameraId: string, atMs: number): ForeseenLook | null {
    const looks = this.kept[this.indexOf.get(cameraId) ?? -1] ?? [];
    while (looks[0] !== undefined && looks[0].atMs < atMs) looks.shift();
    if (looks[0]?.atMs !== atMs) return null;
    const next = looks.shift();
    return next === undefined ? null : readLook(next.columns, next.row);
  }
}

/** Reads a live source all the time and keeps its last frame and no other; opens it again when it ends or fails. */
import type { Frame } from '../../../pipeline/detection/frame.js';
import type { Clock } from '../../kernel/services.js';
import { quarterTurns, rotate } from '../footage/sources/rotation.js';
import { VideoDecoder } from '../footage/sources/video-decoder.js';
import { inputOf, type LiveSource } from './live-source.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

export class LiveStream {
  /** The frame that came last; null while there is no stream. */
  last: Frame | null = null;
  /** Why there is none. */
  problem: string | null = 'no frame has come yet';
  private readonly source: LiveSource;
  private readonly clock: Clock;
  private isClosing = false;
  /** Ends what is under way: an open stream, or the wait for the next try. One each, so that nothing gathers. */
  private underWay = new AbortController();
  private readonly watching: Promise<void>;

  constructor(source: LiveSource, clock: Clock) {
    this.source = source;
    this.clock = clock;
    this.watching = this.watchUntilClosed();
  }

  /** Resolves when FFmpeg has let go of the source. */
  async close(): Promise<void> {
    this.isClosing = true;
    this.underWay.abort();
    await this.watching;
  }

  private async watchUntilClosed(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.isClosing) {
      const frames = await this.watch().catch((error: Error) => {
        this.problem = error.message;
        return 0;
      });
      if (this.isClosing) return;
      if (frames > 0) pauseMs = FIRST_PAUSE_MS;
      // A file begins again; a stream that ended may take its time.
      if (this.source.kind === 'file' && frames > 0) continue;
      this.last = null;
      await this.pause(pauseMs);
      pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
    }
  }

  /** Until the source ends; resolves to how many frames came. */
  private async watch(): Promise<number> {
    const { address, kind } = this.source;
    this.underWay = new AbortController();
    const { signal } = this.underWay;
    const decoder = await VideoDecoder.open(address, { ...inputOf(this.source), signal });
    let frames = 0;
    try {
      const turns = quarterTurns(decoder.displayMatrix);
      const startMs = this.clock.now();
      let firstMs: number | null = null;
      for await (const picture of decoder.pictures()) {
        if (this.isClosing) return frames;
        if (kind === 'file' && picture.timeMs !== null) {
          firstMs ??= picture.timeMs;
          await this.pause(startMs + picture.timeMs - firstMs - this.clock.now());
        }
        frames++;
        this.last = rotate(picture, turns);
        this.problem = null;
      }
      this.problem = `${address} has ended`;
      return frames;
    } finally {
      await decoder.close();
    }
  }

  private pause(ms: number): Promise<void> {
    if (ms <= 0 || this.isClosing) return Promise.resolve();
    return new Promise((resolve) => {
      const { signal } = this.underWay;
      const end = () => {
        timer.cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = this.clock.after(ms, end);
      signal.addEventListener('abort', end);
    });
  }
}

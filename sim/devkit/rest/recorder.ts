import type { Clock } from '../../kernel/services.js';
import { aviOf, jpegSize } from './avi.js';

const FRAME_INTERVAL_MS = 250;
/** Ten minutes; of a longer recording the beginning is gone, as on a full card. */
const MOST_FRAMES = 2_400;

/** What a camera films while its recording is switched on, to be fetched as a file. */
export class Recorder {
  private readonly clock: Clock;
  private readonly frame: () => Promise<Uint8Array>;
  private readonly isOn: () => boolean;
  private frames: readonly Uint8Array[] = [];
  private running = false;

  constructor(clock: Clock, frame: () => Promise<Uint8Array>, isOn: () => boolean) {
    this.clock = clock;
    this.frame = frame;
    this.isOn = isOn;
  }

  /** The switch was set: a new recording begins, unless one is on or it was switched off. */
  follow(): void {
    if (this.running || !this.isOn()) return;
    this.running = true;
    this.frames = [];
    void this.record();
  }

  /** The recording of now, or the last one; null: there is none. */
  file(): Uint8Array | null {
    const [first] = this.frames;
    const size = first === undefined ? null : jpegSize(first);
    return size === null ? null : aviOf(this.frames, { ...size, frameIntervalMs: FRAME_INTERVAL_MS });
  }

  private async record(): Promise<void> {
    try {
      while (this.isOn()) {
        const startMs = this.clock.now();
        this.frames = [...this.frames.slice(1 - MOST_FRAMES), await this.frame()];
        await this.clock.sleep(Math.max(1, FRAME_INTERVAL_MS - (this.clock.now() - startMs)));
      }
    } catch {
      // No more frames come from this camera: what there is stays.
    } finally {
      this.running = false;
    }
  }
}

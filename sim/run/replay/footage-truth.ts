import { type TruthOfWindow, windowEndOf } from '../world/collector.js';

/** A frame of the footage, and who truly was in it. */
interface TrueFrame {
  readonly timeMs: number;
  readonly trueIds: readonly number[];
}

interface WindowOfFootage {
  readonly endMs: number;
  readonly entered: number;
  /** Different people in view at some time of the window. */
  readonly inside: number;
}

/** Makes windows of what the ground truth says of frames: who was in view, who came into it for the first time. */
export class FootageTruth {
  readonly windows: WindowOfFootage[] = [];
  private readonly startMs: number;
  private readonly section: string;
  private readonly onWindow: (window: TruthOfWindow) => void;
  private readonly stays = new Map<number, { readonly fromMs: number; untilMs: number }>();
  private open: { readonly endMs: number; readonly present: Set<number>; readonly entered: number[] } | null =
    null;

  constructor(startMs: number, section: string, onWindow: (window: TruthOfWindow) => void) {
    this.startMs = startMs;
    this.section = section;
    this.onWindow = onWindow;
  }

  /** Frames in the order of their times. */
  add(frames: readonly TrueFrame[]): void {
    for (const { timeMs, trueIds } of frames) {
      const atMs = this.startMs + timeMs;
      const endMs = windowEndOf(atMs);
      if (this.open !== null && this.open.endMs !== endMs) this.end();
      this.open ??= { endMs, present: new Set(), entered: [] };
      for (const id of trueIds) {
        this.open.present.add(id);
        const stay = this.stays.get(id);
        if (stay !== undefined) stay.untilMs = atMs;
        else {
          this.stays.set(id, { fromMs: atMs, untilMs: atMs });
          this.open.entered.push(id);
        }
      }
    }
  }

  /** Nothing more comes into the window that is open. */
  end(): void {
    if (this.open === null) return;
    const { endMs, entered, present } = this.open;
    this.open = null;
    this.windows.push({ endMs, entered: entered.length, inside: present.size });
    this.onWindow({
      endMs,
      sections: [{ section: this.section, shoppers: present }],
      entered: entered.map((shopper) => ({ profile: { shopper } })),
      left: [],
    });
  }

  get people(): number {
    return this.stays.size;
  }

  /** From first to last in view. */
  get meanVisitSeconds(): number {
    const lengths = [...this.stays.values()].map(({ fromMs, untilMs }) => untilMs - fromMs);
    const sum = lengths.reduce((total, length) => total + length, 0);
    return lengths.length === 0 ? 0 : Math.round(sum / lengths.length / 100) / 10;
  }
}

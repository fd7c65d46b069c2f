/**
 * The training of a gallery. A task waits, runs for a time that grows with the number of faces, and ends well unless
 * there was nothing to learn from. What has been added since is not known until the next training has ended.
 */
import { FaceApiFailure } from '../failure.js';
import type { GalleryKind } from './kinds.js';

/** What `Get Training Status` answers. */
export interface TrainingStatus {
  readonly status: 'notstarted' | 'running' | 'succeeded' | 'failed';
  /** ISO 8601, UTC. */
  readonly createdDateTime: string;
  readonly lastActionDateTime: string;
  readonly lastSuccessfulTrainingDateTime: string | null;
  readonly message: string | null;
}

interface Task {
  readonly queuedAtMs: number;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly lastOrdinal: number;
  /** Why it fails; null when it does not. */
  readonly failure: string | null;
}

const QUEUE_MS = 200;
const LEAST_TRAINING_MS = 500;
/** A thousand faces take 1 to 2 s, a million 10 to 30 minutes (azure-docs, how-to/use-large-scale.md). */
const TRAINING_MS_PER_FACE = 1;

export class Training {
  private readonly kind: GalleryKind;
  private task: Task | null = null;
  private lastGood: Task | null = null;

  constructor(kind: GalleryKind) {
    this.kind = kind;
  }

  /**
   * Queues a task over `faces` faces, the last of which is `lastOrdinal`.
   * @throws FaceApiFailure 409 `…TrainingNotFinished` while another is under way.
   */
  queue(nowMs: number, faces: number, lastOrdinal: number): void {
    this.refuseWhileUnderWay(nowMs);
    const startsAtMs = nowMs + QUEUE_MS;
    this.task = {
      queuedAtMs: nowMs,
      startsAtMs,
      endsAtMs: startsAtMs + LEAST_TRAINING_MS + faces * TRAINING_MS_PER_FACE,
      lastOrdinal,
      failure: faces > 0 ? null : `${this.kind.words} has no faces to train with.`,
    };
  }

  /** @throws FaceApiFailure 404 `…NotTrained` when no training was ever asked for. */
  status(nowMs: number): TrainingStatus {
    const task = this.settled(nowMs);
    if (task === null) throw this.notTrained(404);
    return {
      status: stateOf(task, nowMs),
      createdDateTime: iso(task.queuedAtMs),
      lastActionDateTime: iso(lastActionMs(task, nowMs)),
      lastSuccessfulTrainingDateTime: this.lastGood === null ? null : iso(this.lastGood.endsAtMs),
      message: nowMs >= task.endsAtMs ? task.failure : null,
    };
  }

  /**
   * The last face that recognition knows.
   * @throws FaceApiFailure 409 `…TrainingNotFinished` or 400 `…NotTrained`.
   */
  trainedThrough(nowMs: number): number {
    this.refuseWhileUnderWay(nowMs);
    if (this.lastGood === null) throw this.notTrained(400);
    return this.lastGood.lastOrdinal;
  }

  /** @throws FaceApiFailure 409 `…TrainingNotFinished`: a gallery does not change while it is trained. */
  refuseWhileUnderWay(nowMs: number): void {
    const task = this.settled(nowMs);
    if (task === null || nowMs >= task.endsAtMs) return;
    const { code, words } = this.kind;
    throw new FaceApiFailure(
      409,
      `${code}TrainingNotFinished`,
      `${words} is under training. Try again after training completed.`,
    );
  }

  private settled(nowMs: number): Task | null {
    if (this.task !== null && nowMs >= this.task.endsAtMs && this.task.failure === null)
      this.lastGood = this.task;
    return this.task;
  }

  private notTrained(status: 400 | 404): FaceApiFailure {
    const { code, words } = this.kind;
    return new FaceApiFailure(status, `${code}NotTrained`, `${words} not trained.`);
  }
}

function stateOf(task: Task, nowMs: number): TrainingStatus['status'] {
  if (nowMs < task.startsAtMs) return 'notstarted';
  if (nowMs < task.endsAtMs) return 'running';
  return task.failure === null ? 'succeeded' : 'failed';
}

function lastActionMs({ queuedAtMs, startsAtMs, endsAtMs }: Task, nowMs: number): number {
  if (nowMs < startsAtMs) return queuedAtMs;
  return nowMs < endsAtMs ? startsAtMs : endsAtMs;
}

const iso = (ms: number) => new Date(ms).toISOString();

/** Several streams of events as one, in order. No more of each is in memory than what it gives at once. */
import type { ArrivingEvent } from './arriving-event.js';
import type { EventStream } from './event-source.js';

/** Events of one input that follow one another. */
export interface Stretch {
  readonly input: string;
  readonly events: readonly ArrivingEvent[];
}

export interface InputStream {
  readonly input: string;
  readonly events: EventStream;
}

/** Stretches that are given at once, where streams take turns. */
const STRETCHES_AT_ONCE = 1_024;

/** Of events that are equal in order, those of the earlier stream come first. */
export async function* mergeStreams(
  streams: readonly InputStream[],
): AsyncGenerator<readonly Stretch[], void, undefined> {
  const cursors = streams.map((stream, place) => new Cursor(stream, place));
  for (const cursor of cursors) await cursor.refill();
  for (;;) {
    const stretches: Stretch[] = [];
    let first = firstOf(cursors, undefined);
    if (first === undefined) return;
    while (first !== undefined && stretches.length < STRETCHES_AT_ONCE) {
      stretches.push(first.takeBefore(firstOf(cursors, first)));
      if (first.isEmpty) break;
      first = firstOf(cursors, undefined);
    }
    yield stretches;
    await first?.refill();
  }
}

/** The cursor whose turn it is, of all but one. */
function firstOf(cursors: readonly Cursor[], but: Cursor | undefined): Cursor | undefined {
  let first: Cursor | undefined;
  for (const cursor of cursors)
    if (cursor !== but && !cursor.isAtEnd && (first === undefined || cursor.nextMs < first.nextMs))
      first = cursor;
  return first;
}

class Cursor {
  isAtEnd = false;
  private batch: readonly ArrivingEvent[] = [];
  private at = 0;

  constructor(
    private readonly source: InputStream,
    private readonly place: number,
  ) {}

  /** Everything of its batch is taken. */
  get isEmpty(): boolean {
    return this.at === this.batch.length;
  }

  get nextMs(): number {
    return this.batch[this.at]?.orderMs ?? Number.POSITIVE_INFINITY;
  }

  /** Gets more once all is taken. */
  async refill(): Promise<void> {
    while (!this.isAtEnd && this.isEmpty) {
      const next = await this.source.events.next();
      this.at = 0;
      this.batch = next.done === true ? [] : next.value;
      this.isAtEnd = next.done === true;
    }
  }

  /** Takes the next event and those after it, up to the next of another cursor. */
  takeBefore(other: Cursor | undefined): Stretch {
    const untilMs = other?.nextMs ?? Number.POSITIVE_INFINITY;
    const isFirst = other === undefined || this.place < other.place;
    const start = this.at++;
    while (!this.isEmpty && (this.nextMs < untilMs || (this.nextMs === untilMs && isFirst))) this.at++;
    return { input: this.source.input, events: this.batch.slice(start, this.at) };
  }
}

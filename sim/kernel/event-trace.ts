import { createHash } from 'node:crypto';
import { compare } from './instant-arbiter.js';
import type { Trace, TraceDetail } from './services.js';

/** One line of the trace, in the canonical order of its instant. */
interface TraceLine {
  readonly component: string;
  readonly key: string;
  readonly what: string;
  readonly detail: TraceDetail | undefined;
}

/** Text of a line as it enters the digest: also what a trace file holds. */
function formatTraceLine(instant: string, { component, what, key, detail }: TraceLine): string {
  const facts = detail === undefined ? '' : ` ${JSON.stringify(detail)}`;
  return `${instant} ${component} ${what} ${key}${facts}`;
}

/** Lines kept for the message of a failed assertion. */
const TAIL_LINES = 20;
/** Lines are hashed so many at a time: each call costs as much as hashing several of them. */
const LINES_A_BLOCK = 64;

/**
 * Keeps a running digest of everything that was recorded. The lines of one instant are sorted before they are
 * taken in, because the two fidelities handle one instant's events in different orders.
 */
export class EventTrace implements Trace {
  private readonly hash = createHash('sha256');
  private readonly now: () => number;
  private readonly onLine: ((text: string) => void) | undefined;
  private instant: { readonly line: TraceLine; readonly text: string }[] = [];
  private instantMs = Number.NEGATIVE_INFINITY;
  /** The instant in ISO 8601. */
  private instantText = '';
  private recent: string[] = [];
  /** Not hashed yet. */
  private block: string[] = [];
  private count = 0;

  constructor(now: () => number, onLine?: (text: string) => void) {
    this.now = now;
    this.onLine = onLine;
  }

  /** Lines taken in so far. */
  get lines(): number {
    return this.count;
  }

  record(component: string, key: string, what: string, detail?: TraceDetail): void {
    const atMs = this.now();
    if (atMs !== this.instantMs) {
      this.takeIn();
      this.instantMs = atMs;
      this.instantText = new Date(atMs).toISOString();
    }
    const line = { component, key, what, detail };
    this.instant.push({ line, text: formatTraceLine(this.instantText, line) });
  }

  /** The last lines, oldest first. */
  tail(): readonly string[] {
    this.takeIn();
    return this.recent;
  }

  /** Hexadecimal SHA-256 over all lines; the trace takes no more afterwards. */
  digest(): string {
    this.takeIn();
    this.hashBlock();
    return this.hash.digest('hex');
  }

  private takeIn(): void {
    const entries = this.instant;
    if (entries.length === 0) return;
    this.instant = [];
    if (entries.length > 1) {
      entries.sort(
        (a, b) =>
          compare(a.line.component, b.line.component) ||
          compare(a.line.key, b.line.key) ||
          compare(a.text, b.text),
      );
    }
    for (const { text } of entries) {
      this.block.push(text);
      this.onLine?.(text);
      this.count++;
      this.recent.push(text);
    }
    if (this.block.length >= LINES_A_BLOCK) this.hashBlock();
    if (this.recent.length > 2 * TAIL_LINES) this.recent = this.recent.slice(-TAIL_LINES);
  }

  private hashBlock(): void {
    if (this.block.length === 0) return;
    this.hash.update(`${this.block.join('\n')}\n`);
    this.block = [];
  }
}

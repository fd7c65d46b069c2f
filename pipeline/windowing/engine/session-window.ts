/**
 * Session windows: a session begins with its first event and ends when none has come for the timeout. How long
 * it may last is checked at multiples of the maximum duration ("t = 0, 10, 20, 30, etc."), and a session that has
 * lasted that long ends at the check.
 */
import { alignedEnd } from './alignment.js';
import type { InputEvent, Row } from './event.js';
import { emptyGroups, type Groups, KeyedMap } from './groups.js';
import { TimeQueue } from './time-queue.js';
import type { Value } from './values.js';
import { emit, type WindowNode, type WindowSetting } from './window-node.js';

interface Session {
  readonly keys: readonly unknown[];
  readonly groups: Groups;
  readonly checkMs: number;
  lastMs: number;
}

/** The key of the session that a row belongs to. */
export type SessionKey = (
  row: Row,
  t: number,
  ev: InputEvent | null,
  an: readonly Value[],
) => readonly unknown[];

export class SessionWindow implements WindowNode {
  readonly stateFields = ['dueMs', 'sessions', 'ends'];
  dueMs = Number.POSITIVE_INFINITY;
  private sessions = new KeyedMap<Session>();
  /** Sessions by an end that is at most too early. */
  private ends = new TimeQueue<Session>();
  private readonly checkAfter: (timeMs: number) => number;

  constructor(
    private readonly setting: WindowSetting,
    private readonly keyOf: SessionKey,
    private readonly timeoutMs: number,
    private readonly maxDurationMs: number,
  ) {
    this.checkAfter = alignedEnd(maxDurationMs);
  }

  accept(row: Row, timeMs: number, event: InputEvent | null, analytics: readonly Value[]): void {
    const keys = this.keyOf(row, timeMs, event, analytics);
    const known = this.sessions.get(keys);
    const session = known ?? {
      keys,
      groups: emptyGroups(),
      checkMs: this.checkAfter(timeMs + this.maxDurationMs),
      lastMs: timeMs,
    };
    if (this.setting.code.accept(session.groups, row, timeMs, event, analytics) === null) return;
    session.lastMs = timeMs;
    if (known !== undefined) return;
    this.sessions.set(keys, session);
    this.ends.push(this.endOf(session), session);
    this.dueMs = this.ends.firstMs;
    this.setting.timeline.wake(this.dueMs);
  }

  fire(timeMs: number): void {
    while (this.ends.firstMs <= timeMs) {
      const session = this.ends.shift()?.item;
      if (session === undefined) break;
      const endMs = this.endOf(session);
      // Events that came since have moved its end.
      if (endMs > timeMs) this.ends.push(endMs, session);
      else this.close(session, endMs);
    }
    this.dueMs = this.ends.firstMs;
    this.setting.timeline.wake(this.dueMs);
  }

  private close(session: Session, endMs: number): void {
    this.sessions.delete(session.keys);
    for (const state of session.groups.states) emit(this.setting, state, endMs);
  }

  private endOf(session: Session): number {
    return Math.min(session.lastMs + this.timeoutMs, session.checkMs);
  }
}

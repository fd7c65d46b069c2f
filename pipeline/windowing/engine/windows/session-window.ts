/**
 * Session windows: a session begins with its first event and ends when none has come for the timeout. How long
 * it may last is checked at multiples of the maximum duration ("t = 0, 10, 20, 30, etc."), and a session that has
 * lasted that long ends at the check.
 */

import type { InputEvent, Row } from '../event.js';
import type { Value } from '../values/values.js';
import { alignedEnd } from './alignment.js';
import { clearGroups } from './groups.js';
import { RecencyList } from './recency-list.js';
import { Session } from './session.js';
import { SweptMap } from './swept-map.js';
import { emit, type WindowNode, type WindowSetting } from './window-node.js';

/** The key of the session that a row belongs to. */
export type SessionKey = (
  row: Row,
  t: number,
  ev: InputEvent | null,
  an: readonly Value[],
) => readonly unknown[];

export class SessionWindow implements WindowNode {
  readonly stateFields = ['dueMs', 'nextCheckMs', 'sessions', 'open'];
  dueMs = Number.POSITIVE_INFINITY;
  /** The session of each key; its last one, when none is open. */
  private sessions = new SweptMap<Session>();
  /** Open sessions in the order of their last event, and so of their timeouts. */
  private open = new RecencyList<Session>();
  /** The first instant at which a session may have lasted too long. */
  private nextCheckMs = Number.POSITIVE_INFINITY;
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
    const session = known ?? new Session();
    if (this.setting.code.accept(session, row, timeMs, event, analytics) === null) return;
    session.lastMs = timeMs;
    if (known !== undefined && !known.isGone) {
      this.open.touch(known.slot);
      return;
    }
    if (known === undefined) this.sessions.add(keys, session);
    else this.sessions.revive(session);
    this.begin(session, timeMs);
  }

  private begin(session: Session, timeMs: number): void {
    session.checkMs = this.checkAfter(timeMs + this.maxDurationMs);
    session.slot = this.open.add(session);
    if (session.checkMs < this.nextCheckMs) this.nextCheckMs = session.checkMs;
    this.wake();
  }

  fire(timeMs: number): void {
    for (let oldest = this.open.oldest; oldest !== undefined; oldest = this.open.oldest) {
      if (oldest.lastMs + this.timeoutMs > timeMs) break;
      this.close(oldest, timeMs);
    }
    if (this.nextCheckMs <= timeMs) this.check(timeMs);
    this.wake();
  }

  /** Ends the sessions that have lasted too long. */
  private check(timeMs: number): void {
    this.nextCheckMs = Number.POSITIVE_INFINITY;
    for (const session of this.open) {
      if (session.checkMs <= timeMs) this.close(session, timeMs);
      else if (session.checkMs < this.nextCheckMs) this.nextCheckMs = session.checkMs;
    }
  }

  private close(session: Session, endMs: number): void {
    const { states } = session;
    clearGroups(session);
    this.open.remove(session.slot);
    this.sessions.bury(session);
    for (const state of states) emit(this.setting, state, endMs);
  }

  private wake(): void {
    const { oldest } = this.open;
    const timeoutMs = oldest === undefined ? Number.POSITIVE_INFINITY : oldest.lastMs + this.timeoutMs;
    this.dueMs = oldest === undefined ? timeoutMs : Math.min(timeoutMs, this.nextCheckMs);
    this.setting.timeline.wake(this.dueMs);
  }
}

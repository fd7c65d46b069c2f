/**
 * What this app remembers of the day's visitors, so that it need not ask twice: who is loyal, and which event was
 * a visitor's first. A picture that is analysed again, after a failure further on, then says of the same event
 * that it was the first. Lost at a restart without harm.
 */
export interface BookEntry {
  /** Null when another picture, before a restart perhaps, was the first to show the visitor. */
  readonly firstEventId: string | null;
  /** Null while nobody has asked the loyalty lists. */
  readonly returning: boolean | null;
}

/** A store's late pictures may still be of yesterday. */
const DAYS_KEPT = 2;

export class VisitorBook {
  private readonly days = new Map<string, Map<string, BookEntry>>();

  find(storeDay: string, persistedFaceId: string): BookEntry | undefined {
    return this.days.get(storeDay)?.get(persistedFaceId);
  }

  enter(storeDay: string, persistedFaceId: string, entry: BookEntry): void {
    let day = this.days.get(storeDay);
    if (day === undefined) {
      day = new Map();
      this.days.set(storeDay, day);
      this.closeOldDays();
    }
    day.set(persistedFaceId, entry);
  }

  private closeOldDays(): void {
    const kept = new Set([...this.days.keys()].sort().slice(-DAYS_KEPT));
    for (const day of this.days.keys()) if (!kept.has(day)) this.days.delete(day);
  }
}

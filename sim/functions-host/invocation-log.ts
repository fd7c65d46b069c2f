import type core from '@azure/functions-core';

export interface LogLine {
  readonly atMs: number;
  readonly level: core.LogLevel;
  /** `host` for this host's own lines. */
  readonly category: core.LogCategory | 'host';
  readonly functionName: string | null;
  readonly invocationId: string | null;
  readonly message: string;
}

/** Keeps the last lines and hands each on as it comes. */
export class InvocationLog {
  private readonly now: () => number;
  private readonly keep: number;
  private readonly onLine: (line: LogLine) => void;
  private kept: LogLine[] = [];

  constructor(now: () => number, onLine: (line: LogLine) => void, keep = 1000) {
    this.now = now;
    this.onLine = onLine;
    this.keep = keep;
  }

  write(line: Omit<LogLine, 'atMs'>): void {
    const dated = { ...line, atMs: this.now() };
    this.kept.push(dated);
    if (this.kept.length > 2 * this.keep) this.kept = this.kept.slice(-this.keep);
    this.onLine(dated);
  }

  /** Oldest first. */
  lines(): readonly LogLine[] {
    return this.kept.slice(-this.keep);
  }
}

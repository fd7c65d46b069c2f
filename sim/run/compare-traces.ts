import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** Where two traces part; null on the side that has ended. */
export interface Parting {
  /** From 1. */
  readonly line: number;
  readonly one: string | null;
  readonly other: string | null;
}

/** The first line at which two trace files differ; null when they are equal. */
export async function compareTraces(oneFile: string, otherFile: string): Promise<Parting | null> {
  const one = linesOf(oneFile);
  const other = linesOf(otherFile);
  for (let line = 1; ; line++) {
    const [left, right] = await Promise.all([one.next(), other.next()]);
    if (left.done && right.done) return null;
    const texts = { one: left.done ? null : left.value, other: right.done ? null : right.value };
    if (texts.one !== texts.other) {
      await Promise.all([one.return?.(), other.return?.()]);
      return { line, ...texts };
    }
  }
}

function linesOf(file: string): AsyncIterator<string> {
  return createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })[
    Symbol.asyncIterator
  ]();
}

/** Where the rows of a query go: one JSON object a line on stdout, and a file for each output. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { toJson } from '../../../pipeline/windowing/engine/values/values.js';
import { openFolder } from '../folders.js';
import type { TextSink } from './standard-output.js';

const FLUSH_CHARACTERS = 64 * 1024;

interface OutputFile {
  readonly handle: number;
  pending: string;
}

export class RowWriter {
  private readonly files = new Map<string, OutputFile>();
  private readonly isSingle: boolean;
  private printed = '';

  /** @param outputs all that the query has; @param directory for `<output>.jsonl`, none when undefined. */
  constructor(
    outputs: readonly string[],
    directory: string | undefined,
    private readonly printer: TextSink,
  ) {
    this.isSingle = outputs.length === 1;
    if (directory === undefined) return;
    openFolder(directory, '--out');
    for (const output of outputs)
      this.files.set(output, { handle: openSync(fileOf(directory, output), 'w'), pending: '' });
  }

  write(output: string, row: Readonly<Record<string, unknown>>): void {
    const json = toJson(row);
    this.printed += this.isSingle ? `${json}\n` : `{"output":${JSON.stringify(output)},"row":${json}}\n`;
    if (this.printed.length > FLUSH_CHARACTERS) this.flushPrinted();
    const file = this.files.get(output);
    if (file === undefined) return;
    file.pending += `${json}\n`;
    if (file.pending.length > FLUSH_CHARACTERS) flushFile(file);
  }

  /** Waits until what was printed has gone out. */
  drained(): Promise<void> {
    return this.printer.drained();
  }

  end(): void {
    this.flushPrinted();
    for (const file of this.files.values()) {
      flushFile(file);
      closeSync(file.handle);
    }
  }

  private flushPrinted(): void {
    if (this.printed !== '') this.printer.write(this.printed);
    this.printed = '';
  }
}

function flushFile(file: OutputFile): void {
  const bytes = Buffer.from(file.pending);
  for (let at = 0; at < bytes.length; ) at += writeSync(file.handle, bytes, at);
  file.pending = '';
}

function fileOf(directory: string, output: string): string {
  return join(directory, `${output.replace(/[/\\]/g, '_')}.jsonl`);
}

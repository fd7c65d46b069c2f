/** Where the rows of a query go: one JSON object a line on stdout, and a file for each output. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toJson } from '../../../pipeline/windowing/engine/values/values.js';
import { openFolder } from '../folders.js';

const FLUSH_CHARACTERS = 64 * 1024;

export class RowWriter {
  private readonly pending = new Map<string, string>();
  private readonly isSingle: boolean;
  private printed = '';

  /** @param outputs all that the query has; @param directory for `<output>.jsonl`, none when undefined. */
  constructor(
    outputs: readonly string[],
    private readonly directory: string | undefined,
    private readonly print: (text: string) => void,
  ) {
    this.isSingle = outputs.length === 1;
    if (directory === undefined) return;
    openFolder(directory, '--out');
    for (const output of outputs) writeFileSync(this.fileOf(output), '');
  }

  write(output: string, row: Readonly<Record<string, unknown>>): void {
    const json = toJson(row);
    this.printed += this.isSingle ? `${json}\n` : `{"output":${JSON.stringify(output)},"row":${json}}\n`;
    if (this.printed.length > FLUSH_CHARACTERS) this.flushPrinted();
    if (this.directory === undefined) return;
    const text = `${this.pending.get(output) ?? ''}${json}\n`;
    this.pending.set(output, text);
    if (text.length > FLUSH_CHARACTERS) this.flushFile(output, text);
  }

  end(): void {
    this.flushPrinted();
    for (const [output, text] of this.pending) this.flushFile(output, text);
  }

  private flushPrinted(): void {
    if (this.printed !== '') this.print(this.printed);
    this.printed = '';
  }

  private flushFile(output: string, text: string): void {
    if (text !== '') appendFileSync(this.fileOf(output), text);
    this.pending.set(output, '');
  }

  private fileOf(output: string): string {
    return join(this.directory ?? '.', `${output.replace(/[/\\]/g, '_')}.jsonl`);
  }
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderHtml } from '../../reports/html/render-html.js';
import { renderJUnit } from '../../reports/junit.js';
import { renderMarkdown } from '../../reports/markdown.js';
import type { RunRecord } from '../../reports/run-record.js';

/** Makes the folder before anything runs, so that one that cannot be written to is found at once. */
export function prepareOutput(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'junit.xml'), '');
}

/** Writes a run's reports; `report.json` first, since all others can be made from it again. */
export async function writeReports(record: RunRecord, folder: string): Promise<void> {
  writeFileSync(join(folder, 'report.json'), `${JSON.stringify(record, null, 1)}\n`);
  writeFileSync(join(folder, 'junit.xml'), renderJUnit(record));
  writeFileSync(join(folder, 'summary.md'), renderMarkdown(record));
  writeFileSync(join(folder, 'report.html'), await renderHtml(record));
}

import { join } from 'node:path';
import { renderHtml } from '../../reports/html/render-html.js';
import { renderJUnit } from '../../reports/junit.js';
import { renderMarkdown } from '../../reports/markdown.js';
import type { AnyRecord } from '../../reports/replay-record.js';
import { writeWhole } from '../run/write-whole.js';

/** Writes a run's reports; `report.json` first, since all others can be made from it again. */
export async function writeReports(record: AnyRecord, folder: string): Promise<void> {
  writeWhole(join(folder, 'report.json'), `${JSON.stringify(record, null, 1)}\n`);
  writeWhole(join(folder, 'junit.xml'), renderJUnit(record));
  writeWhole(join(folder, 'summary.md'), renderMarkdown(record));
  writeWhole(join(folder, 'report.html'), await renderHtml(record));
}

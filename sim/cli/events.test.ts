import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DiskJournal, EventHubsCore, jsonEvent, namespaceConfiguration } from '../event-hubs/index.js';
import { realTimeServices } from '../kernel/real-time.js';
import { eventsCommand } from './events.js';

let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'footfall-events-'));
  const journal = new DiskJournal(folder);
  const configuration = namespaceConfiguration({ hubs: [{ name: 'Faces', partitionCount: 2 }] });
  const core = new EventHubsCore(realTimeServices('events'), configuration, journal);
  for (let n = 0; n < 15; n++) {
    core.publish({
      hub: 'faces',
      partitionId: '1',
      publication: { events: [jsonEvent({ n })], partitionKey: null },
      key: String(n),
    });
  }
  await journal.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

async function printed(...args: readonly string[]): Promise<string> {
  let text = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await eventsCommand().parseAsync([...args, '--data', folder], { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return text;
}

const parsed = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly sequenceNumber: number });

describe('footfall events', () => {
  test('tail prints the last events', async () => {
    const rows = parsed(await printed('tail', '--once', '--last', '3'));
    expect(rows).toMatchObject([
      { hub: 'faces', partitionId: '1', sequenceNumber: 12, body: { n: 12 } },
      { sequenceNumber: 13 },
      { sequenceNumber: 14 },
    ]);
  });

  test('show prints one', async () => {
    expect(JSON.parse(await printed('show', '7'))).toMatchObject({ sequenceNumber: 7, body: { n: 7 } });
    await expect(printed('show', '99')).rejects.toThrow('event 99');
  });

  test('export writes all, to a file too', async () => {
    const file = join(folder, 'all.jsonl');
    expect(parsed(await printed('export', '--hub', 'FACES'))).toHaveLength(15);
    expect(await printed('export', '--out', file)).toBe('');
    expect(parsed(readFileSync(file, 'utf8'))).toHaveLength(15);
  });

  test('says what there is when the hub is not there', async () => {
    await expect(printed('export', '--hub', 'other')).rejects.toThrow('faces/1');
  });
});

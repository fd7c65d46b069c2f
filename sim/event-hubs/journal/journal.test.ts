import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EventHubProducerClient } from '@azure/event-hubs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realTimeServices } from '../../kernel/real-time.js';
import { projectRoot } from '../../kernel/worker-entry.js';
import { jsonEvent } from '../codec/event-message.js';
import { namespaceConfiguration } from '../core/configuration.js';
import { EventHubsCore } from '../core/core.js';
import { PartitionLog, type Retention, type StoredEvent } from '../core/partition-log.js';
import { DiskJournal } from './journal.js';
import { PartitionJournal } from './partition-journal.js';
import { decodeRecord, encodeRecord } from './record.js';
import { segmentsOf } from './segments.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'footfall-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FOREVER: Retention = { retentionMs: 1e12, retentionBytes: null };

const storedEvent: fc.Arbitrary<StoredEvent> = fc.record({
  sequenceNumber: fc.maxSafeNat(),
  offset: fc.maxSafeNat(),
  enqueuedAtMs: fc.maxSafeNat(),
  payloadBytes: fc.nat(),
  partitionKey: fc.option(fc.string({ unit: 'grapheme' })),
  message: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
});

describe('a record', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(storedEvent, (event) => {
        const bytes = encodeRecord(event);
        expect(decodeRecord(bytes, 0)).toEqual({ event, end: bytes.length });
      }),
    );
  });

  test('that was cut short or changed is not read', () => {
    fc.assert(
      fc.property(storedEvent, fc.nat(), fc.integer({ min: 1, max: 255 }), (event, place, change) => {
        const bytes = encodeRecord(event);
        expect(decodeRecord(bytes.subarray(0, place % bytes.length), 0)).toBeNull();
        const index = place % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ change;
        expect(decodeRecord(bytes, 0)).toBeNull();
      }),
    );
  });
});

describe('the journal of a partition', () => {
  function open(retention = FOREVER): { log: PartitionLog; journal: PartitionJournal } {
    const journal = new PartitionJournal(folder);
    return { log: new PartitionLog('0', retention, journal), journal };
  }

  test('gives back the log as it was, and goes on from there', () => {
    const first = open();
    for (let n = 0; n < 5; n++) first.log.append(jsonEvent({ n }), n % 2 ? 'odd' : null, 1000 + n);
    first.journal.close();
    const second = open();
    expect(second.log.read(0, 10)).toEqual(first.log.read(0, 10));
    expect(second.log.append(jsonEvent('next'), null, 2000)).toMatchObject({
      sequenceNumber: 5,
      offset: first.log.append(jsonEvent('next'), null, 2000).offset,
    });
    second.journal.close();
    first.journal.close();
  });

  test('drops a record that was never written to its end', () => {
    const first = open();
    first.log.append(jsonEvent('whole'), null, 1);
    first.journal.close();
    const [segment] = segmentsOf(folder);
    appendFileSync(segment?.path ?? '', encodeRecord(storedAt(1)).subarray(0, 20));
    const second = open();
    expect(second.log.read(0, 10)).toHaveLength(1);
    second.log.append(jsonEvent('after'), null, 2);
    second.journal.close();
    const third = open();
    expect(third.log.read(0, 10).map(({ sequenceNumber }) => sequenceNumber)).toEqual([0, 1]);
    third.journal.close();
  });

  test('deletes files whose events have all expired', () => {
    const { log, journal } = open({ ...FOREVER, retentionBytes: 20_000_000 });
    const megabyte = jsonEvent('x'.repeat(1_000_000));
    for (let n = 0; n < 80; n++) log.append(megabyte, null, n);
    expect(readdirSync(folder).length).toBeLessThanOrEqual(3);
    journal.close();
    const again = open({ ...FOREVER, retentionBytes: 20_000_000 });
    expect(again.log.lastEnqueued?.sequenceNumber).toBe(79);
    again.journal.close();
  });
});

function storedAt(sequenceNumber: number): StoredEvent {
  return { ...jsonEvent('x'), sequenceNumber, offset: 0, enqueuedAtMs: 0, partitionKey: null };
}

describe('an acknowledged event', () => {
  test('survives kill -9', async () => {
    const root = projectRoot(fileURLToPath(new URL('.', import.meta.url)));
    const server = spawn(process.execPath, ['--input-type=module', '--eval', serverProgram(root), folder], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [connectionString] = (await once(createInterface(server.stdout), 'line')) as [string];
    const producer = new EventHubProducerClient(connectionString, 'faces', {
      retryOptions: { maxRetries: 0 },
    });
    let acknowledged = 0;
    // The last send is never answered; the SDK waits a minute for that, we do not.
    void (async () => {
      for (;;) {
        await producer.sendBatch([{ body: { n: acknowledged } }]);
        acknowledged++;
        if (acknowledged === 100) server.kill('SIGKILL');
      }
    })().catch(() => {});
    await once(server, 'exit');
    const journal = new DiskJournal(folder);
    const core = new EventHubsCore(
      realTimeServices('restart'),
      namespaceConfiguration({ hubs: [{ name: 'faces', partitionCount: 1 }] }),
      journal,
    );
    expect(acknowledged).toBeGreaterThanOrEqual(100);
    expect(core.partitionProperties('faces', '0').lastSequenceNumber).toBeGreaterThanOrEqual(
      acknowledged - 1,
    );
    await journal.close();
    await producer.close();
  });
});

/** A namespace in a process of its own, from the last build: a child cannot run TypeScript. */
function serverProgram(root: string): string {
  const at = (path: string) => JSON.stringify(join(root, 'dist', path));
  return `
    import { AmqpFront, DiskJournal, EventHubsCore, loopbackConnectionString, namespaceConfiguration } from ${at('sim/event-hubs/index.js')};
    import { realTimeServices } from ${at('sim/kernel/real-time.js')};
    const configuration = namespaceConfiguration({ hubs: [{ name: 'faces', partitionCount: 1 }] });
    const core = new EventHubsCore(realTimeServices('child'), configuration, new DiskJournal(process.argv[1]));
    const port = await new AmqpFront(core).listen(0, '127.0.0.1');
    console.log(loopbackConnectionString(core, port));
  `;
}

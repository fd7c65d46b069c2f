import { once } from 'node:events';
import avro from 'avsc';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RoutableMessage } from '../../iot-hub/routing/message.js';
import { type Kernel, openKernel } from '../../kernel/index.js';
import { StorageSink, type StoredFile } from './storage-endpoint.js';
import type { StorageEncoding } from './storage-formats.js';

const START_MS = Date.UTC(2026, 2, 7, 9, 5);
let kernel: Kernel;
let files: StoredFile[];
let sink: StorageSink;

beforeEach(() => {
  kernel = openKernel({ seed: 1, startMs: START_MS });
  files = [];
  sink = sinkFor('json');
});
afterEach(() => kernel.close());

function sinkFor(encoding: StorageEncoding): StorageSink {
  const endpoint = {
    kind: 'storage',
    name: 'archive',
    containerName: 'archive',
    fileNameFormat: '{iothub}/{partition}/{YYYY}/{MM}/{DD}/{HH}/{mm}',
    batchMs: 60_000,
    maxChunkBytes: 1_000,
    encoding,
  } as const;
  return new StorageSink(endpoint, {
    clock: kernel.clock,
    hubName: 'contoso',
    partitionOf: () => '2',
    put: async (file) => files.push(file),
    warn: () => {},
  });
}

function linesOf({ body }: StoredFile): readonly Record<string, unknown>[] {
  return Buffer.from(body)
    .toString()
    .split('\r\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function message(body: string, settings: Partial<RoutableMessage> = {}): RoutableMessage {
  return {
    source: 'DeviceMessages',
    identity: { deviceId: 'cam-1', moduleId: null },
    generationId: '1',
    method: { scope: 'device', type: 'sas' },
    body: Buffer.from(body),
    properties: { kind: 'count' },
    system: { ct: 'application/json', ce: 'utf-8', mid: 'm-1' },
    enqueuedAtMs: START_MS,
    ...settings,
  };
}

describe('a storage endpoint', () => {
  test('writes what came within its batch time to one file', async () => {
    sink.take(message('{"people":3}'));
    sink.take(message('plain', { system: {} }));
    await kernel.drive(kernel.clock.sleep(60_001));
    expect(files).toHaveLength(1);
    expect(files[0]?.name).toBe('contoso/2/2026/03/07/09/06-1.json');
    expect(files.flatMap(linesOf)).toMatchObject([
      {
        EnqueuedTimeUtc: '2026-03-07T09:05:00.000Z',
        Properties: { kind: 'count' },
        SystemProperties: { messageId: 'm-1', connectionDeviceId: 'cam-1', contentType: 'application/json' },
        Body: { people: 3 },
      },
      { Body: Buffer.from('plain').toString('base64') },
    ]);
  });

  test('writes sooner when a batch is large, and what is left at the end', async () => {
    sink.take(message(JSON.stringify('x'.repeat(1_000))));
    sink.take(message('1'));
    await sink.flush();
    expect(files.map((file) => linesOf(file).length)).toEqual([1, 1]);
  });

  test.each(['avro', 'avroDeflate'] as const)(
    'writes files as %s, with bodies as they came',
    async (encoding) => {
      sink = sinkFor(encoding);
      sink.take(message('{"people":3}'));
      sink.take(message('plain', { system: {} }));
      await sink.flush();
      expect(files[0]?.name).toMatch(/-1\.avro$/);
      const rows: Record<string, unknown>[] = [];
      const decoder = new avro.streams.BlockDecoder();
      decoder.on('data', (row: Record<string, unknown>) => rows.push({ ...row }));
      decoder.end(Buffer.from(files[0]?.body ?? []));
      await once(decoder, 'end');
      expect(rows).toMatchObject([
        {
          EnqueuedTimeUtc: '2026-03-07T09:05:00.000Z',
          Properties: { kind: 'count' },
          SystemProperties: { messageId: 'm-1', connectionDeviceId: 'cam-1' },
          Body: Buffer.from('{"people":3}'),
        },
        { Body: Buffer.from('plain') },
      ]);
    },
  );
});

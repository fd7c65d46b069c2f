import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RoutableMessage } from '../../iot-hub/routing/message.js';
import { type Kernel, openKernel } from '../../kernel/index.js';
import { StorageSink } from './storage-endpoint.js';

const START_MS = Date.UTC(2026, 2, 7, 9, 5);
let kernel: Kernel;
let files: { readonly name: string; readonly lines: readonly Record<string, unknown>[] }[];
let sink: StorageSink;

beforeEach(() => {
  kernel = openKernel({ seed: 1, startMs: START_MS });
  files = [];
  const endpoint = {
    kind: 'storage',
    name: 'archive',
    containerName: 'archive',
    fileNameFormat: '{iothub}/{partition}/{YYYY}/{MM}/{DD}/{HH}/{mm}',
    batchMs: 60_000,
    maxChunkBytes: 1_000,
  } as const;
  sink = new StorageSink(endpoint, {
    clock: kernel.clock,
    hubName: 'contoso',
    partitionOf: () => '2',
    put: async (_container, name, body) => {
      const lines = Buffer.from(body).toString().split('\r\n');
      files.push({ name, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) });
    },
    warn: () => {},
  });
});
afterEach(() => kernel.close());

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
    expect(files[0]?.lines).toMatchObject([
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
    expect(files.map(({ lines }) => lines.length)).toEqual([1, 1]);
  });
});

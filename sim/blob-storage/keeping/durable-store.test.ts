import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { projectRoot, realTimeServices } from '../../kernel/index.js';
import { ACCOUNT, ACCOUNTS, KEYS, ourServer, sdkOver } from '../conformance.testing.js';

const services = realTimeServices(4);

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'blobs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function open(dataFolder: string) {
  const { storage, server } = ourServer(services, { dataFolder });
  return { storage, service: sdkOver(services, server) };
}

test('everything of an account is there after a restart', async () => {
  const folder = temporaryFolder();
  const before = open(folder).service;
  await before.setProperties({ deleteRetentionPolicy: { enabled: true, days: 3 } });
  const container = before.getContainerClient('pictures');
  await container.create({ metadata: { store: 'one' } });
  await before.getContainerClient('gone').create();
  await before.getContainerClient('gone').delete();
  const blob = container.getBlockBlobClient('a/ü 1.jpg');
  await blob.upload('first', 5, { tags: { keep: 'yes' } });
  const { snapshot = '' } = await blob.createSnapshot();
  await blob.upload('second', 6, { metadata: { camera: '7' } });
  await blob.stageBlock(Buffer.from('1').toString('base64'), 'staged', 6);
  const lease = blob.getBlobLeaseClient();
  await lease.acquireLease(-1);
  const { etag } = await blob.getProperties();
  await container.getBlockBlobClient('deleted').upload('x', 1);
  await container.getBlockBlobClient('deleted').delete();

  const after = open(folder).service.getContainerClient('pictures');
  expect((await after.getProperties()).metadata).toEqual({ store: 'one' });
  const found = after.getBlockBlobClient('a/ü 1.jpg');
  expect(await found.getProperties()).toMatchObject({
    etag,
    metadata: { camera: '7' },
    leaseState: 'leased',
  });
  expect((await found.downloadToBuffer()).toString()).toBe('second');
  expect((await found.withSnapshot(snapshot).downloadToBuffer()).toString()).toBe('first');
  expect((await found.getBlockList('uncommitted')).uncommittedBlocks).toHaveLength(1);
  await after.getBlockBlobClient('deleted').undelete();
  const names: string[] = [];
  for await (const { name } of after.listBlobsFlat()) names.push(name);
  expect(names).toEqual(['a/ü 1.jpg', 'deleted']);
  expect(await open(folder).service.getContainerClient('gone').exists()).toBe(false);
});

test('a rotated key stays rotated', async () => {
  const folder = temporaryFolder();
  open(folder).storage.regenerateKey(ACCOUNT, 'key1', Buffer.from('new').toString('base64'));
  await expect(open(folder).service.getContainerClient('any').create()).rejects.toMatchObject({
    statusCode: 403,
  });
});

/** Puts blobs one after the other and says the number of each once it is acknowledged. */
const WRITER = `
  const [index, folder, account, key] = process.argv.slice(1);
  const { BlobStorage, openDirectBlobClient } = await import(index);
  const { realTimeServices } = await import(new URL('../kernel/index.js', index).href);
  const storage = new BlobStorage(realTimeServices(1), { accounts: [{ name: account, keys: [key, key] }], dataFolder: folder });
  const client = openDirectBlobClient(storage, { account, endpoint: 'http://x', secret: { kind: 'key', key } }, undefined);
  await client.createContainer('pictures');
  for (let number = 0; ; number++) {
    await client.put('pictures', String(number).padStart(6, '0'), Buffer.alloc(20_000, number % 256));
    process.stdout.write(number + '\\n');
  }
`;

test('what was acknowledged survives a kill -9', async () => {
  const folder = temporaryFolder();
  const index = pathToFileURL(join(projectRoot(import.meta.dirname), 'dist/sim/blob-storage/index.js')).href;
  const arguments_ = ['--input-type=module', '-e', WRITER, index, folder, ACCOUNT, KEYS[0]];
  const writer = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  const exited = new Promise((resolve) => writer.once('exit', (_, signal) => resolve(signal)));
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.split('\n').length > 40) writer.kill('SIGKILL');
  });
  expect(await exited).toBe('SIGKILL');
  const acknowledged = output.split('\n').slice(0, -1).map(Number);
  expect(acknowledged.length).toBeGreaterThan(40 - 1);
  const container = open(folder).service.getContainerClient('pictures');
  for (const number of acknowledged) {
    const body = await container.getBlobClient(String(number).padStart(6, '0')).downloadToBuffer();
    expect(body.equals(Buffer.alloc(20_000, number % 256))).toBe(true);
  }
});

test('accounts share a folder without meeting', async () => {
  const folder = temporaryFolder();
  const other = { name: 'storetwo', keys: KEYS };
  const { storage } = ourServer(services, { dataFolder: folder, accounts: [...ACCOUNTS, other] });
  storage.account('storetwo')?.createContainer('unkept');
  await open(folder).service.getContainerClient('pictures').create();
  const both = ourServer(services, { dataFolder: folder, accounts: [...ACCOUNTS, other] }).storage;
  expect(both.account(ACCOUNT)?.containerNames()).toEqual(['pictures']);
  expect(both.account('storetwo')?.containerNames()).toEqual([]);
});

import { expect, test } from 'vitest';
import { blobReceipts, memoryReceipts } from './receipts.js';

const version = (etag: string) => ({ container: 'pictures', name: 'a.jpg', etag });

test('a receipt is for one function and one version', async () => {
  const receipts = memoryReceipts();
  await receipts.complete('f', version('"1"'));
  expect(await receipts.isCompleted('f', version('"1"'))).toBe(true);
  expect(await receipts.isCompleted('f', version('"2"'))).toBe(false);
  expect(await receipts.isCompleted('g', version('"1"'))).toBe(false);
});

test('in memory, the oldest are forgotten beyond the limit', async () => {
  const receipts = memoryReceipts(2);
  for (const etag of ['1', '2', '3']) await receipts.complete('f', version(etag));
  const known = await Promise.all(['1', '2', '3'].map((etag) => receipts.isCompleted('f', version(etag))));
  expect(known).toEqual([false, true, true]);
});

test('in blob storage, they are where Microsoft keeps them, and outlive the host', async () => {
  const stored: string[] = [];
  const blobs = {
    put: async (container: string, name: string) => stored.push(`${container}/${name}`),
    list: async (container: string, prefix: string) =>
      stored
        .filter((path) => path.startsWith(`${container}/${prefix}`))
        .map((path) => ({ name: path.slice(container.length + 1) })),
  };
  await blobReceipts(blobs, 'store-1').complete('f', version('"1"'));
  expect(stored).toEqual(['azure-webjobs-hosts/blobreceipts/store-1/f/BlockBlob/"1"/pictures/a.jpg']);
  const reopened = blobReceipts(blobs, 'store-1');
  expect(await reopened.isCompleted('f', version('"1"'))).toBe(true);
  expect(await reopened.isCompleted('f', { ...version('"1"'), name: 'a.jp' })).toBe(false);
});

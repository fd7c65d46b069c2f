/** A world with a blob service in it, ours or Azurite, and the official SDK's client over a link. */
import type http from 'node:http';
import type { BlobServiceClient } from '@azure/storage-blob';
import type { KernelServices } from '../kernel/index.js';
import { randomSource } from '../kernel/index.js';
import { httpAgentOver, type Link, openLink } from '../network/index.js';
import type { AccountOptions } from './account/account.js';
import { startAzurite } from './azurite.js';
import { BlobStorage, type BlobStorageOptions } from './blob-storage.js';
import { openBlobServiceClient } from './client/sdk-client.js';
import { createAzuriteFront } from './front/azurite-front.js';
import { createBlobFront } from './front/blob-front.js';

export const ACCOUNT = 'storeone';
export const KEYS = [
  Buffer.from('first key of the store').toString('base64'),
  Buffer.from('second key of the store').toString('base64'),
] as const;
export const ACCOUNTS: readonly AccountOptions[] = [{ name: ACCOUNT, keys: KEYS }];
export const ENDPOINT = `http://127.0.0.1/${ACCOUNT}`;

/** Real time that costs nothing: links without latency still hop through timers of 0 ms. */
export function sdkOver(services: KernelServices, server: http.Server, secret?: string): BlobServiceClient {
  const link = openFreeLink(services, 'sdk');
  return openBlobServiceClient(
    {
      account: ACCOUNT,
      endpoint: ENDPOINT,
      secret: secret === undefined ? { kind: 'key', key: KEYS[0] } : { kind: 'token', token: secret },
    },
    httpAgentOver(link, server),
  );
}

export function openFreeLink(services: KernelServices, name: string): Link {
  return openLink(services, name, { latencyMs: 0, bitsPerSecond: null, lossShare: 0 });
}

export function ourServer(
  services: KernelServices,
  options: Partial<BlobStorageOptions> = {},
): { readonly storage: BlobStorage; readonly server: http.Server } {
  const storage = new BlobStorage(services, { accounts: ACCOUNTS, ...options });
  return { storage, server: createBlobFront(storage, randomSource(1)('request-ids')) };
}

export interface Subject {
  readonly server: http.Server;
  close(): Promise<void>;
}

/** The two services that the same tests are run against. */
export function subjectsOf(
  services: KernelServices,
): Readonly<Record<'ours' | 'Azurite', () => Promise<Subject>>> {
  return {
    ours: async () => ({ server: ourServer(services).server, close: async () => {} }),
    Azurite: async () => {
      const azurite = await startAzurite(ACCOUNTS);
      return { server: createAzuriteFront(services, azurite).server, close: () => azurite.close() };
    },
  };
}

/** How a call of the SDK was refused. */
export async function refusalOf(call: Promise<unknown>): Promise<{ status: unknown; code: unknown }> {
  return call.then(
    () => ({ status: 'succeeded', code: null }),
    (error: { statusCode?: number; code?: string; details?: { errorCode?: string } }) => ({
      status: error.statusCode,
      code: error.details?.errorCode ?? error.code,
    }),
  );
}

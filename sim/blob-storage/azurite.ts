/**
 * Azurite, Microsoft's own emulator, embedded in this thread as a second opinion: the same clients, the same
 * triggers, the same digest. It is a development dependency and loaded only when it is asked for.
 */
import type http from 'node:http';
import { createRequire } from 'node:module';
import type { AccountOptions } from './account/account.js';

export interface Azurite {
  /** Takes connections by `emit('connection', …)`. */
  readonly server: http.Server;
  close(): Promise<void>;
}

export class AzuriteMissingError extends Error {
  readonly code = 'FF_AZURITE_MISSING';

  constructor() {
    super('Azurite is not installed: run `npm install azurite@3.35.0`, or leave out `--blob azurite`');
  }
}

/** The parts of Azurite's classes that are used here; it publishes no types for them. */
interface BlobServer {
  readonly httpServer: http.Server;
  start(): Promise<void>;
  close(): Promise<void>;
}
type BlobServerClass = new (configuration: unknown) => BlobServer;
type BlobConfigurationClass = new (...options: readonly unknown[]) => unknown;
type MemoryStoreClass = new (limitBytes: number | undefined) => unknown;

const ACCOUNTS_VARIABLE = 'AZURITE_ACCOUNTS';

/**
 * Starts it, keeping everything in memory. Must be awaited before virtual time begins: its start waits for
 * real timers. Throws `AzuriteMissingError`.
 */
export async function startAzurite(accounts: readonly AccountOptions[]): Promise<Azurite> {
  const { BlobServer, BlobConfiguration, MemoryStore } = loadAzurite();
  // The one way to name its accounts; it reads the variable again every minute.
  process.env[ACCOUNTS_VARIABLE] = accounts.map(({ name, keys }) => [name, ...keys].join(':')).join(';');
  const configuration = new BlobConfiguration(
    ...['127.0.0.1', 0, NO_KEEP_ALIVE_TIMEOUT, 'metadata', 'extents', []],
    ...[/* access log */ false, undefined, /* debug log */ false, undefined],
    ...[/* loose */ false, /* skip the API version check: the SDK is newer */ true],
    ...[/* certificate, key, password */ '', '', '', /* OAuth */ undefined],
    ...[/* no account in the host's name */ true, /* in memory */ true, new MemoryStore(undefined)],
  );
  const server = new BlobServer(configuration);
  await server.start();
  return {
    server: server.httpServer,
    async close() {
      delete process.env[ACCOUNTS_VARIABLE];
      await server.close();
    },
  };
}

const NO_KEEP_ALIVE_TIMEOUT = 0;

function loadAzurite(): {
  readonly BlobServer: BlobServerClass;
  readonly BlobConfiguration: BlobConfigurationClass;
  readonly MemoryStore: MemoryStoreClass;
} {
  const require = createRequire(import.meta.url);
  try {
    return {
      BlobServer: require('azurite/dist/src/blob/BlobServer').default,
      BlobConfiguration: require('azurite/dist/src/blob/BlobConfiguration').default,
      MemoryStore: require('azurite/dist/src/common/persistence/MemoryExtentStore').MemoryExtentChunkStore,
    };
  } catch {
    throw new AzuriteMissingError();
  }
}

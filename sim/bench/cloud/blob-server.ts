/** A blob service in a process of its own, on a port of loopback: `ours` or `azurite`, as its argument says. */
import type http from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  BlobStorage,
  createBlobFront,
  DEVELOPMENT_ACCOUNT,
  DEVELOPMENT_KEY,
  startAzurite,
} from '../../blob-storage/index.js';
import { realTimeServices } from '../../kernel/real-time.js';

/** What it answers to any message. */
export interface BlobServerState {
  readonly port: number;
  /** Processor time so far. */
  readonly cpuMicroseconds: number;
  readonly residentBytes: number;
}

const ACCOUNTS = [{ name: DEVELOPMENT_ACCOUNT, keys: [DEVELOPMENT_KEY, DEVELOPMENT_KEY] }] as const;

const server = process.argv[2] === 'azurite' ? (await startAzurite(ACCOUNTS)).server : await ourServer();
process.on('message', tell);
tell();

async function ourServer(): Promise<http.Server> {
  const services = realTimeServices('bench');
  const front = createBlobFront(
    new BlobStorage(services, { accounts: ACCOUNTS }),
    services.rng('request-ids'),
  );
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  return front;
}

function tell(): void {
  const { system, user } = process.cpuUsage();
  const { port } = server.address() as AddressInfo;
  process.send?.({
    port,
    cpuMicroseconds: system + user,
    residentBytes: process.memoryUsage.rss(),
  } satisfies BlobServerState);
}

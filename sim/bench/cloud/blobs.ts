/**
 * Pictures of 60 kB into blob storage and back by the official SDK, beside Azurite in the same run: each service in a
 * process of its own, turn by turn, so that what else the machine does meets both.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { openBlobServiceClient } from '../../blob-storage/client/sdk-client.js';
import { DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY } from '../../blob-storage/index.js';
import type { Bench } from '../bench.js';
import type { BlobServerState } from './blob-server.js';
import { type LoadFigures, underLoad } from './load.js';

const SERVERS = ['ours', 'azurite'] as const;
const PICTURE_BYTES = 60_000;
const ROUNDS = 4;
const PUTS_A_ROUND = 1_500;
const AT_ONCE = 8;
/** Names that come round again, so that neither service fills up. */
const NAMES = 500;

interface ServerUnderLoad {
  readonly name: (typeof SERVERS)[number];
  put(index: number): Promise<unknown>;
  get(index: number): Promise<unknown>;
  state(): Promise<BlobServerState>;
  close(): void;
}

type Work = 'puts' | 'gets';

interface Best {
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly serverCpuMicroseconds: number;
}

export async function measureBlobs(...[report, progress]: Parameters<Bench['run']>): Promise<void> {
  const servers: ServerUnderLoad[] = [];
  try {
    for (const name of SERVERS) servers.push(await open(name));
    for (const work of ['puts', 'gets'] as const) {
      const best = await bestOf(servers, work);
      for (const [name, { p99Ms, perSecond, serverCpuMicroseconds }] of best) {
        const metric = `cloud.blob.${work}60kB${name === 'ours' ? '' : '.azurite'}`;
        report({ metric, value: Math.round(perSecond), unit: '1/s' });
        report({ metric: `${metric}.p99Ms`, value: p99Ms, unit: 'ms' });
        report({ metric: `${metric}.serverCpu`, value: serverCpuMicroseconds, unit: 'µs' });
        progress(
          `${metric}: ${Math.round(perSecond)}/s, ${Math.round(serverCpuMicroseconds)} µs of the server each`,
        );
      }
      reportRatios(work, best, report);
    }
    for (const { name, state } of servers) {
      const { residentBytes } = await state();
      report({ metric: `cloud.blob.${name}.residentMb`, value: residentBytes / 1e6, unit: 'MB' });
    }
  } finally {
    for (const server of servers) server.close();
  }
}

/** Turn by turn; the best round of each, since the others were the compiler's or somebody else's. */
async function bestOf(
  servers: readonly ServerUnderLoad[],
  work: Work,
): Promise<ReadonlyMap<ServerUnderLoad['name'], Best>> {
  const best = new Map<ServerUnderLoad['name'], Best>();
  for (let round = 0; round < ROUNDS; round++)
    for (const server of servers) {
      const found = await measureRound(server, work);
      const before = best.get(server.name);
      best.set(server.name, before === undefined ? found : better(before, found));
    }
  return best;
}

async function measureRound(server: ServerUnderLoad, work: Work): Promise<Best> {
  const before = (await server.state()).cpuMicroseconds;
  const one = work === 'puts' ? server.put : server.get;
  const { p99Ms, perSecond }: LoadFigures = await underLoad(PUTS_A_ROUND, AT_ONCE, one);
  const spent = (await server.state()).cpuMicroseconds - before;
  return { perSecond, p99Ms, serverCpuMicroseconds: spent / PUTS_A_ROUND };
}

function better(one: Best, other: Best): Best {
  return {
    perSecond: Math.max(one.perSecond, other.perSecond),
    p99Ms: Math.min(one.p99Ms, other.p99Ms),
    serverCpuMicroseconds: Math.min(one.serverCpuMicroseconds, other.serverCpuMicroseconds),
  };
}

function reportRatios(
  work: Work,
  best: ReadonlyMap<ServerUnderLoad['name'], Best>,
  report: Parameters<Bench['run']>[0],
): void {
  const [ours, azurite] = [best.get('ours'), best.get('azurite')];
  if (ours === undefined || azurite === undefined) return;
  const metric = `cloud.blob.${work}60kB`;
  const unit = 'ratio';
  report({
    metric: `${metric}.azuriteRatio`,
    value: ours.perSecond / azurite.perSecond,
    unit,
    of: `${metric}.azurite`,
  });
  report({
    metric: `${metric}.serverCpu.azuriteRatio`,
    value: ours.serverCpuMicroseconds / azurite.serverCpuMicroseconds,
    unit,
    of: `${metric}.azurite.serverCpu`,
  });
}

async function open(name: ServerUnderLoad['name']): Promise<ServerUnderLoad> {
  const child = fork(new URL('./blob-server.js', import.meta.url), [name]);
  const { port } = await stateOf(child);
  const agent = new http.Agent({ keepAlive: true });
  const service = openBlobServiceClient(
    {
      account: DEVELOPMENT_ACCOUNT,
      endpoint: `http://127.0.0.1:${port}/${DEVELOPMENT_ACCOUNT}`,
      secret: { kind: 'key', key: DEVELOPMENT_KEY },
    },
    agent,
  );
  const container = service.getContainerClient('fromcamera');
  await container.create();
  const picture = Buffer.alloc(PICTURE_BYTES, 'footfall');
  const blobs = Array.from({ length: NAMES }, (_, index) =>
    container.getBlockBlobClient(`store/${index}.jpg`),
  );
  const blobOf = (index: number) => blobs[index % NAMES] ?? container.getBlockBlobClient('none');
  return {
    name,
    put: (index) => blobOf(index).upload(picture, PICTURE_BYTES),
    get: (index) => blobOf(index).downloadToBuffer(0, PICTURE_BYTES),
    state() {
      child.send('state');
      return stateOf(child);
    },
    close() {
      agent.destroy();
      child.kill();
    },
  };
}

async function stateOf(child: ChildProcess): Promise<BlobServerState> {
  const [state] = (await once(child, 'message')) as [BlobServerState];
  return state;
}

/**
 * Tens of thousands of devices in virtual time: they connect as fast as a hub of their size lets them in, lose their
 * connections in one outage, and come back. Connections are streams in memory, since no file limit allows so many.
 */

import { signSasToken } from '../../iot-hub/identities/sas-token.js';
import { IotHub } from '../../iot-hub/index.js';
import { openMqttFront } from '../../iot-hub/mqtt/mqtt-front.js';
import { openKernel } from '../../kernel/index.js';
import { duplexPair } from '../../network/index.js';
import { liveMb } from '../heap.js';
import { LeanClient } from './lean-client.js';

export interface StormFigures {
  /** Processor time of one connect, with both ends. */
  readonly cpuMicrosecondsPerConnect: number;
  /** Heap that came with a connection, with both ends. */
  readonly heapBytesPerConnection: number;
  /** Heap that the second round of connections left behind, for one of them: a leak, if it is not about nothing. */
  readonly heapBytesLeft: number;
  /** Virtual time until all were back. */
  readonly backAfterSeconds: number;
  /** Connects that the hub refused meanwhile, to be tried again. */
  readonly refusals: number;
}

const HOST = 'bench.test';
const START_MS = Date.UTC(2026, 2, 7, 9);
const YEAR_2096_SECONDS = 4_000_000_000;
/** "6,000 new connections a second and unit." */
const SIZE = { sku: 'S3', units: 1 } as const;
const MS_PER_SECOND = 1000;
const BYTES_PER_MB = 1e6;
/** The device SDK's: the wait doubles from 100 ms to 10 s, with jitter. */
const FIRST_RETRY_MS = 100;
const MOST_RETRY_MS = 10_000;

export async function stormOf(count: number): Promise<StormFigures> {
  const kernel = openKernel({ seed: 1, startMs: START_MS });
  try {
    const hub = new IotHub({ hostName: HOST, size: SIZE }, kernel);
    const front = openMqttFront(hub);
    const names = Array.from({ length: count }, (_, index) => `camera-${index}`);
    const credentials = names.map((name) => {
      const { keys } = hub.registry.ensure(name);
      return {
        clientId: name,
        username: `${HOST}/${name}/?api-version=2021-04-12`,
        password: signSasToken(`${HOST}/devices/${name}`, keys.primary, YEAR_2096_SECONDS),
      };
    });
    let refusals = 0;
    const connect = async (index: number): Promise<LeanClient> => {
      const jitter = kernel.rng(`storm/${index}`);
      for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(2 * waitMs, MOST_RETRY_MS)) {
        const [near, far] = duplexPair();
        front.handle(far);
        const client = new LeanClient(near);
        const credential = credentials[index];
        if (credential === undefined) throw new RangeError(`there is no device ${index}`);
        const isIn = await client.connect(credential).then(
          () => true,
          () => false,
        );
        if (isIn) return client;
        refusals++;
        client.close();
        await kernel.clock.sleep(jitter.between(waitMs / 2, waitMs));
      }
    };
    const connectAll = () => kernel.drive(Promise.all(names.map((_name, index) => connect(index))));
    const emptyBytes = heapBytes();
    const cpuBefore = process.cpuUsage();
    const clients = await connectAll();
    const { system, user } = process.cpuUsage(cpuBefore);
    const fullBytes = heapBytes();
    for (const client of clients.splice(0)) client.close();
    await kernel.drive(kernel.clock.sleep(MS_PER_SECOND));
    const leftBytes = heapBytes();
    refusals = 0;
    const cutAtMs = kernel.clock.now();
    const again = await connectAll();
    const backAfterSeconds = (kernel.clock.now() - cutAtMs) / MS_PER_SECOND;
    const refusedInStorm = refusals;
    for (const client of again.splice(0)) client.close();
    await kernel.drive(kernel.clock.sleep(MS_PER_SECOND));
    return {
      cpuMicrosecondsPerConnect: (system + user) / count,
      heapBytesPerConnection: (fullBytes - emptyBytes) / count,
      heapBytesLeft: (heapBytes() - leftBytes) / count,
      backAfterSeconds,
      refusals: refusedInStorm,
    };
  } finally {
    kernel.close();
  }
}

function heapBytes(): number {
  return liveMb() * BYTES_PER_MB;
}

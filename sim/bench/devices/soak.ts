/**
 * Whether connections leave anything behind: devices connect, take their twins, send and hang up, over and over, against
 * one hub on the wall clock, as in `footfall up`. Connections are streams in memory: sockets would measure the
 * operating system.
 */
import { signSasToken } from '../../iot-hub/identities/sas-token.js';
import { IotHub } from '../../iot-hub/index.js';
import { openMqttFront } from '../../iot-hub/mqtt/mqtt-front.js';
import { realTimeServices } from '../../kernel/index.js';
import { duplexPair } from '../../network/index.js';
import { liveMb } from '../heap.js';
import { LeanClient } from './lean-client.js';

export interface SoakFigures {
  /** Live heap after each round, in MB. */
  readonly heapMb: readonly number[];
  /** Heap that a connect left behind, from the second round to the last: a leak, if it is not about nothing. */
  readonly bytesLeftPerConnect: number;
  /** Processor time of one connect with a twin and a message, with both ends. */
  readonly cpuMicrosecondsPerConnect: number;
}

const HOST = 'bench.test';
const YEAR_2096_SECONDS = 4_000_000_000;
const SIZE = { sku: 'S3', units: 200 } as const;
const DEVICES = 500;
const MESSAGE = Buffer.from('{"people":3}');
const BYTES_PER_MB = 1e6;

/** `rounds` is 3 or more: the first fills caches, from the second on nothing may grow. */
export async function soak(
  rounds: number,
  connectsEach: number,
  progress: (text: string) => void,
): Promise<SoakFigures> {
  const hub = new IotHub({ hostName: HOST, size: SIZE }, realTimeServices('bench'));
  const front = openMqttFront(hub);
  const credentials = Array.from({ length: DEVICES }, (_, index) => {
    const clientId = `camera-${index}`;
    const { keys } = hub.registry.ensure(clientId);
    return {
      clientId,
      username: `${HOST}/${clientId}/?api-version=2021-04-12`,
      password: signSasToken(`${HOST}/devices/${clientId}`, keys.primary, YEAR_2096_SECONDS),
    };
  });
  const live = async (credential: (typeof credentials)[number]) => {
    const [near, far] = duplexPair();
    front.handle(far);
    const client = new LeanClient(near);
    await client.connect(credential);
    await client.takeTwin();
    await client.send(`devices/${credential.clientId}/messages/events/`, MESSAGE);
    client.close();
  };
  const heapMb: number[] = [];
  const cpuBefore = process.cpuUsage();
  for (let round = 1; round <= rounds; round++) {
    for (let done = 0; done < connectsEach; done += DEVICES) await Promise.all(credentials.map(live));
    // What the last of them left to the next turn of the loop.
    await new Promise((resolve) => setImmediate(resolve));
    heapMb.push(liveMb());
    progress(`after ${round * connectsEach} connects: ${heapMb.at(-1)?.toFixed(2)} MB of live heap`);
  }
  const { system, user } = process.cpuUsage(cpuBefore);
  await front.close();
  const grownMb = (heapMb.at(-1) ?? 0) - (heapMb[1] ?? 0);
  return {
    heapMb,
    bytesLeftPerConnect: (grownMb * BYTES_PER_MB) / ((rounds - 2) * connectsEach),
    cpuMicrosecondsPerConnect: (system + user) / (rounds * connectsEach),
  };
}

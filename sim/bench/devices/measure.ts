/** Devices in a process of their own against a server: connects, messages, and all of them again after an outage. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { FromDevices, Load, Phase, ToDevices } from './load-protocol.js';
import type { ServerUnderLoad } from './server.js';

export interface PhaseFigures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the server, for one connect or one message. */
  readonly cpuMicroseconds: number;
}

export interface LoadFigures {
  readonly connects: PhaseFigures;
  readonly messages: PhaseFigures;
  readonly storm: PhaseFigures;
  /** Resident memory of the server that came with the connections. */
  readonly bytesPerDevice: number;
}

/** Devices that connect at once: more would measure the operating system's backlog. */
const CONNECTING = 50;
const STORM_CONNECTING = 500;

export async function measure(
  server: ServerUnderLoad,
  deviceCount: number,
  messagesEach: number,
): Promise<LoadFigures> {
  const names = Array.from({ length: deviceCount }, (_, index) => `camera-${index}`);
  const load: Load = {
    address: server.address,
    devices: names.map((name) => ({
      ...server.credentialsOf(name),
      topic: `devices/${name}/messages/events/`,
    })),
    takesTwin: server.hasTwins,
    messagesEach,
    connecting: CONNECTING,
  };
  const child = fork(new URL('./load-process.js', import.meta.url));
  const order = async (what: ToDevices): Promise<PhaseFigures> => {
    const before = server.cpuMicroseconds();
    child.send(what);
    const [answer] = (await once(child, 'message')) as [FromDevices];
    if ('failed' in answer) throw new Error(`the devices failed: ${answer.failed}`);
    return figuresOf(answer, server.cpuMicroseconds() - before);
  };
  try {
    const emptyBytes = server.residentBytes();
    const connects = await order({ what: 'connect', load });
    const bytesPerDevice = (server.residentBytes() - emptyBytes) / deviceCount;
    const messages = await order({ what: 'send' });
    // An outage: every device comes back as fast as it can, many at once.
    await order({ what: 'hang-up' });
    const storm = await order({ what: 'connect', load: { ...load, connecting: STORM_CONNECTING } });
    return { connects, messages, storm, bytesPerDevice };
  } finally {
    child.kill();
  }
}

function figuresOf({ count, p50, p99, seconds }: Phase, cpuMicroseconds: number): PhaseFigures {
  return {
    perSecond: count / seconds,
    p50Ms: p50,
    p99Ms: p99,
    cpuMicroseconds: cpuMicroseconds / Math.max(count, 1),
  };
}

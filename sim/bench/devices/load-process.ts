/** The process of the devices: it does what the bench tells it, and says how long that took. */
import { dialler, LeanClient } from './lean-client.js';
import type { FromDevices, Load, Phase, ToDevices } from './load-protocol.js';

const MESSAGE = Buffer.from(JSON.stringify({ people: 3, section: 'shoes' }));
const MS_PER_SECOND = 1000;

let load: Load | null = null;
let clients: LeanClient[] = [];

process.on('message', (order: ToDevices) => {
  if (order.what === 'connect') load = order.load;
  carryOut(order).then(
    (phase) => tell(phase),
    (error: unknown) => tell({ failed: error instanceof Error ? error.message : String(error) }),
  );
});

function tell(what: FromDevices): void {
  process.send?.(what);
}

async function carryOut({ what }: ToDevices): Promise<Phase> {
  if (load === null) throw new Error('there is no load yet');
  switch (what) {
    case 'connect':
      return connectAll(load);
    case 'send':
      return sendAll(load);
    case 'hang-up':
      for (const client of clients.splice(0)) client.close();
      return phaseOf(0, []);
  }
}

async function connectAll({ address, connecting, devices, takesTwin }: Load): Promise<Phase> {
  const made: LeanClient[] = new Array(devices.length);
  const dial = dialler(address);
  const phase = await timed(devices, connecting, async (device, index) => {
    const client = new LeanClient(dial());
    await client.connect(device);
    if (takesTwin) await client.takeTwin();
    made[index] = client;
  });
  clients = made;
  return phase;
}

async function sendAll({ devices, messagesEach }: Load): Promise<Phase> {
  const latencies: number[] = [];
  const began = performance.now();
  await Promise.all(
    clients.map(async (client, index) => {
      const topic = devices[index]?.topic ?? '';
      for (let count = 0; count < messagesEach; count++) {
        const sentAt = performance.now();
        await client.send(topic, MESSAGE);
        latencies.push(performance.now() - sentAt);
      }
    }),
  );
  return phaseOf(performance.now() - began, latencies);
}

/** Does `one` for each of `items`, `width` at a time. */
async function timed<Item>(
  items: readonly Item[],
  width: number,
  one: (item: Item, index: number) => Promise<void>,
): Promise<Phase> {
  const latencies: number[] = [];
  let next = 0;
  const began = performance.now();
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      const startedAt = performance.now();
      await one(items[index] as Item, index);
      latencies.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return phaseOf(performance.now() - began, latencies);
}

function phaseOf(tookMs: number, latencies: number[]): Phase {
  latencies.sort((one, other) => one - other);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  return { seconds: tookMs / MS_PER_SECOND, count: latencies.length, p50: at(0.5), p99: at(0.99) };
}

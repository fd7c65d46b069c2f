/** One world, both fidelities: the same events in the same order at the same virtual times. */
import { afterEach, describe, expect, test } from 'vitest';
import { type Kernel, openKernel } from '../kernel/kernel.js';
import { directProducer, directSource } from './direct-client.js';
import type { EventProducer, EventSendError, EventSource } from './ports.js';
import { wireProducer, wireSource } from './wire-client.js';
import { type WorldNamespace, worldNamespace } from './world.testing.js';

const START_MS = Date.UTC(2020, 0, 1, 9);
const SECOND_MS = 1000;

type Fidelity = 'wire' | 'direct';

let kernel: Kernel | undefined;
afterEach(() => kernel?.close());

interface World extends WorldNamespace {
  readonly kernel: Kernel;
  readonly producers: readonly EventProducer[];
  readonly source: EventSource;
}

function world(
  fidelity: Fidelity,
  onTraceLine: (line: string) => void,
  throughputUnits: number | null = null,
): World {
  kernel?.close();
  kernel = openKernel({ seed: 7, startMs: START_MS, onTraceLine });
  const namespace = worldNamespace(kernel, {
    hubs: [{ name: 'faces', partitionCount: 4 }],
    throughputUnits,
  });
  const newProducer = () =>
    fidelity === 'wire'
      ? wireProducer(namespace.endpoint, 'faces')
      : directProducer(namespace.core, namespace.link, 'faces');
  const source =
    fidelity === 'wire' ? wireSource(namespace.endpoint) : directSource(namespace.core, namespace.link);
  return { ...namespace, kernel, producers: [newProducer(), newProducer()], source };
}

function eventsOf(store: number, round: number, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    body: {
      eventId: `${store}-${round}-${index}`,
      storeId: `store-${store}`,
      pad: 'x'.repeat((index * 37) % 300),
    },
  }));
}

async function busyMinute(fidelity: Fidelity) {
  const trace: string[] = [];
  const { kernel, producers, source } = world(fidelity, (line) => trace.push(line));
  const received: string[] = [];
  const accepted: string[] = [];
  let slowestMs = 0;
  source.subscribe('faces', '$Default', (partitionId, events) => {
    for (const { body, enqueuedAtMs, sequenceNumber } of events) {
      const { eventId } = body as { readonly eventId: string };
      slowestMs = Math.max(slowestMs, kernel.clock.now() - enqueuedAtMs);
      received.push(`${partitionId}/${sequenceNumber} ${eventId} ${enqueuedAtMs - START_MS}`);
    }
  });
  for (let round = 0; round < 20; round++) {
    kernel.clock.after(round * 2 * SECOND_MS + SECOND_MS, () => {
      for (const [index, producer] of producers.entries()) {
        for (const store of [index, index + 10]) {
          const sent = producer.send(eventsOf(store, round, 1 + (round % 5) * 3), `store-${store}`);
          void sent.then(() => accepted.push(`${store}-${round} ${kernel.clock.now() - START_MS}`));
        }
      }
    });
  }
  await kernel.runUntil(START_MS + 60 * SECOND_MS);
  return { trace, received: received.sort(), accepted: accepted.sort(), slowestMs };
}

describe('a busy minute', () => {
  test('is the same in both fidelities, to the millisecond', async () => {
    const direct = await busyMinute('direct');
    const wire = await busyMinute('wire');
    expect(direct.accepted).toHaveLength(80);
    expect(wire.accepted).toEqual(direct.accepted);
    expect(wire.received).toEqual(direct.received);
    expect(wire.trace).toEqual(direct.trace);
    // The SDK hands over what it got on timers of its own.
    expect(direct.slowestMs).toBeLessThan(100);
    expect(wire.slowestMs).toBeLessThan(500);
  });

  test('is the same when it is run again', async () => {
    expect(await busyMinute('wire')).toEqual(await busyMinute('wire'));
  });
});

/** Sends once a second, each until it is accepted, while the link is down from second 10 to second 40. */
async function outage(fidelity: Fidelity) {
  const trace: string[] = [];
  const { kernel, producers, source, link } = world(fidelity, (line) => trace.push(line));
  const [producer] = producers;
  if (!producer) throw new Error('a world has producers');
  const received: string[] = [];
  const failures: string[] = [];
  source.subscribe('faces', '$Default', (_partitionId, events) => {
    for (const { body } of events) received.push((body as { readonly eventId: string }).eventId);
  });
  const sendUntilAccepted = async (round: number): Promise<void> => {
    for (;;) {
      try {
        return await producer.send(eventsOf(1, round, 2), 'store-1');
      } catch (error) {
        const { reason } = error as EventSendError;
        failures.push(`${round} ${reason} ${kernel.clock.now() - START_MS}`);
        await kernel.clock.sleep(5 * SECOND_MS);
      }
    }
  };
  for (let round = 0; round < 60; round++) {
    kernel.clock.after(round * SECOND_MS + SECOND_MS, () => void sendUntilAccepted(round));
  }
  // In the middle of a send: latency is 20 ms.
  kernel.clock.after(10 * SECOND_MS + 10, () => link.cut());
  kernel.clock.after(40 * SECOND_MS, () => link.restore());
  await kernel.runUntil(START_MS + 300 * SECOND_MS);
  return { trace, received, failures: failures.sort() };
}

describe('an outage of the link', () => {
  test('loses nothing and repeats nothing, and fails the same sends at the same times', async () => {
    const direct = await outage('direct');
    const wire = await outage('wire');
    expect(new Set(direct.received).size).toBe(120);
    expect(direct.received).toHaveLength(120);
    expect([...wire.received].sort()).toEqual([...direct.received].sort());
    expect(direct.failures.length).toBeGreaterThan(100);
    expect(wire.failures).toEqual(direct.failures);
    expect(wire.trace).toEqual(direct.trace);
  });
});

describe('too much at once', () => {
  async function refusals(fidelity: Fidelity) {
    const trace: string[] = [];
    const { kernel, producers } = world(fidelity, (line) => trace.push(line), 1);
    const outcomes: string[] = [];
    for (let round = 0; round < 6; round++) {
      for (const [index, producer] of producers.entries()) {
        const sent = producer.send(eventsOf(index, round, 300), `store-${index}`);
        void sent.then(
          () => outcomes.push(`${index}-${round} accepted`),
          (error: EventSendError) => outcomes.push(`${index}-${round} ${error.reason} ${error.retryable}`),
        );
      }
    }
    await kernel.runUntil(START_MS + 10 * SECOND_MS);
    return { trace, outcomes: outcomes.sort() };
  }

  test('is refused alike', async () => {
    const direct = await refusals('direct');
    expect(direct.outcomes.filter((outcome) => outcome.endsWith('server-busy true'))).not.toHaveLength(0);
    expect(await refusals('wire')).toEqual(direct);
  });
});

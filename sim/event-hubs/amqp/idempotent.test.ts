/** The official SDK's idempotent publishing. */
import { EventHubBufferedProducerClient } from '@azure/event-hubs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LoopbackNamespace, loopbackNamespace } from '../world.testing.js';

let namespace: LoopbackNamespace;

beforeEach(async () => {
  namespace = await loopbackNamespace({ hubs: [{ name: 'faces', partitionCount: 2 }] });
});
afterEach(() => namespace.close());

/** Publishes `count` events, and again every publication whose acknowledgement does not come. */
async function publish(count: number): Promise<void> {
  const failures: Error[] = [];
  const client = new EventHubBufferedProducerClient(namespace.connectionString, 'faces', {
    enableIdempotentRetries: true,
    maxWaitTimeInMs: 20,
    onSendEventsErrorHandler: async ({ error }) => {
      failures.push(error);
    },
    retryOptions: { maxRetries: 3, retryDelayInMs: 10, timeoutInMs: 500 },
  });
  for (let n = 0; n < count; n++) await client.enqueueEvent({ body: n });
  await client.flush();
  await client.close();
  expect(failures).toEqual([]);
}

function kept(): number {
  return ['0', '1'].reduce(
    (sum, partition) => sum + namespace.core.partitionProperties('faces', partition).lastSequenceNumber + 1,
    0,
  );
}

describe('an idempotent producer', () => {
  test('is admitted, and another one after it', async () => {
    await publish(30);
    await publish(30);
    expect(kept()).toBe(60);
  });

  test('that sends again what was kept but not acknowledged is acknowledged, and nothing is kept twice', async () => {
    const publishNow = namespace.core.publish.bind(namespace.core);
    let lost = 0;
    namespace.core.publish = (request) => {
      const receipt = publishNow(request);
      // The service fails after it has kept the events, and before it says so.
      if (lost++ < 2) throw new Error('the server has an internal error');
      return receipt;
    };
    await publish(30);
    expect(lost).toBeGreaterThan(2);
    expect(kept()).toBe(30);
  });
});

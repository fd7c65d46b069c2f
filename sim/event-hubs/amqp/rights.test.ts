/** Claims that expire and keys that rotate while clients are connected. */
import { createHmac } from 'node:crypto';
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loopbackConnectionString } from '../connection-string.js';
import { type LoopbackNamespace, loopbackNamespace } from '../world.testing.js';

const NO_RETRIES = { retryOptions: { maxRetries: 0, timeoutInMs: 5000 } };
const KEY = 'b2xkIGtleQ==';
const OTHER_KEY = 'c2Vjb25kIGtleQ==';
const NEW_KEY = 'bmV3IGtleQ==';

let namespace: LoopbackNamespace;
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  namespace = await loopbackNamespace({
    hubs: [{ name: 'faces', partitionCount: 1 }],
    policies: [{ name: 'root', key: KEY, secondaryKey: OTHER_KEY, rights: ['Listen', 'Send', 'Manage'] }],
  });
});
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
  await namespace.close();
});

function producer(connectionString: string): EventHubProducerClient {
  const client = new EventHubProducerClient(connectionString, 'faces', NO_RETRIES);
  open.push(client);
  return client;
}

const withKey = (key: string) => namespace.connectionString.replace(KEY, key);

/** A connection string that holds a token instead of a key. */
function withToken(lifetimeMs: number): string {
  const [endpoint, ...rest] = namespace.connectionString.split(';');
  const resource = encodeURIComponent('sb://localhost/faces');
  const expiry = Math.ceil((Date.now() + lifetimeMs) / 1000);
  const signature = encodeURIComponent(
    createHmac('sha256', KEY).update(`${resource}\n${expiry}`).digest('base64'),
  );
  const token = `SharedAccessSignature sr=${resource}&sig=${signature}&se=${expiry}&skn=root`;
  return [endpoint, `SharedAccessSignature=${token}`, rest.at(-1)].join(';');
}

describe('a claim that expires', () => {
  test('ends what is being received', async () => {
    const client = new EventHubConsumerClient('$Default', withToken(1000), 'faces', NO_RETRIES);
    open.push(client);
    const error = await new Promise<Error>((resolve) => {
      client.subscribe(
        { processEvents: async () => {}, processError: async (problem) => resolve(problem) },
        { startPosition: earliestEventPosition },
      );
    });
    expect(error).toMatchObject({ code: 'UnauthorizedError', message: expect.stringContaining('expired') });
  });

  test('ends what is being sent', async () => {
    const client = producer(withToken(1000));
    await client.sendBatch([{ body: 1 }]);
    await new Promise((resolve) => setTimeout(resolve, 2100));
    await expect(client.sendBatch([{ body: 2 }])).rejects.toMatchObject({ code: 'UnauthorizedError' });
  });
});

describe('a key that is rotated', () => {
  test('is refused from then on, while the other one and open connections go on', async () => {
    const before = producer(withKey(KEY));
    await before.sendBatch([{ body: 'before' }]);
    namespace.core.access.rotateKey('root', 'primary', NEW_KEY);
    await before.sendBatch([{ body: 'still connected' }]);
    await expect(producer(withKey(KEY)).sendBatch([{ body: 'old' }])).rejects.toMatchObject({
      code: 'UnauthorizedError',
    });
    await producer(withKey(OTHER_KEY)).sendBatch([{ body: 'secondary' }]);
    await producer(withKey(NEW_KEY)).sendBatch([{ body: 'new' }]);
    expect(namespace.core.partitionProperties('faces', '0').lastSequenceNumber).toBe(3);
  });

  test('is the one that connection strings hold', () => {
    namespace.core.access.rotateKey('root', 'primary', NEW_KEY);
    expect(loopbackConnectionString(namespace.core, 5672)).toContain(NEW_KEY);
    expect(() => namespace.core.access.rotateKey('nobody', 'primary', NEW_KEY)).toThrow(/"nobody"/);
  });
});

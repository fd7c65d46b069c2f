/** Bytes that no honest client sends: the namespace drops that client and serves everyone else. */
import { connect } from 'node:net';
import { EventHubProducerClient } from '@azure/event-hubs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LoopbackNamespace, loopbackNamespace } from '../world.testing.js';

let namespace: LoopbackNamespace;
let producer: EventHubProducerClient;
let port: number;

beforeAll(async () => {
  namespace = await loopbackNamespace({ hubs: [{ name: 'faces', partitionCount: 1 }] });
  producer = new EventHubProducerClient(namespace.connectionString, 'faces');
  port = Number(/localhost:(\d+)/.exec(namespace.connectionString)?.[1]);
});
afterAll(async () => {
  await producer.close();
  await namespace.close();
});

const SASL_HEADER = Buffer.from('AMQP\x03\x01\x00\x00', 'latin1');
const AMQP_HEADER = Buffer.from('AMQP\x00\x01\x00\x00', 'latin1');
/** SASL-init with mechanism ANONYMOUS. */
const SASL_INIT = Buffer.concat([
  Buffer.from([0, 0, 0, 26, 2, 1, 0, 0, 0, 0x53, 0x41, 0xc0, 0x0c, 1, 0xa3, 9]),
  Buffer.from('ANONYMOUS', 'latin1'),
]);
/** Performatives from open (0x10) to close (0x18). */
const performative = fc.integer({ min: 0x10, max: 0x18 });

/** A frame with a proper header and any list of fields, on any channel. */
const frame = fc
  .record({
    code: performative,
    channel: fc.nat(3),
    fields: fc.uint8Array({ maxLength: 60 }),
    count: fc.nat(12),
  })
  .map(({ code, channel, fields, count }) => {
    const body = Buffer.from([0, 0x53, code, 0xc0, fields.length + 1, count, ...fields]);
    const head = Buffer.from([0, 0, 0, 0, 2, 0, 0, channel]);
    head.writeUInt32BE(head.length + body.length);
    return Buffer.concat([head, body]);
  });
const noise = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const preface = fc.constantFrom(
  Buffer.alloc(0),
  AMQP_HEADER,
  SASL_HEADER,
  Buffer.concat([SASL_HEADER, SASL_INIT, AMQP_HEADER]),
);

/** Resolves once the server has hung up, or has had the time to fall over. */
function say(bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes, () => setTimeout(() => socket.destroy(), 5));
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.resume();
  });
}

describe('malformed AMQP', () => {
  test('ends nothing but the connection that it came on', async () => {
    await producer.sendBatch([{ body: 'before' }]);
    await fc.assert(
      fc.asyncProperty(preface, fc.array(fc.oneof(frame, noise), { maxLength: 6 }), async (head, parts) => {
        await say(Buffer.concat([head, ...parts]));
      }),
      { numRuns: 300 },
    );
    await producer.sendBatch([{ body: 'after' }]);
    expect(namespace.core.partitionProperties('faces', '0').lastSequenceNumber).toBe(1);
  });
});

import fc from 'fast-check';
import rhea, { type Message } from 'rhea';
import { describe, expect, test } from 'vitest';
import { AmqpDecodeError } from './amqp-values.js';
import { partitionKeyOf, withBrokerAnnotations } from './annotations.js';
import { BATCH_MESSAGE_FORMAT, bodyOf, jsonEvent, readPublication } from './event-message.js';

const { message: codec, types } = rhea;

const at = { sequenceNumber: 7, offset: '4711', enqueuedAtMs: 1_577_836_800_123, partitionKey: null };

const annotationValue = fc.oneof(
  fc.string({ maxLength: 400 }),
  fc.integer(),
  fc.boolean(),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.constant(null),
);
const annotationKey = fc.stringMatching(/^[a-z][a-z-]{0,19}$/).map((name) => `app-${name}`);
const eventMessage = fc.record(
  {
    body: fc.jsonValue(),
    message_annotations: fc.dictionary(annotationKey, annotationValue, { maxKeys: 12 }),
    application_properties: fc.dictionary(annotationKey, fc.string({ maxLength: 300 })),
    durable: fc.boolean(),
    message_id: fc.string({ minLength: 1, maxLength: 128 }),
  },
  { requiredKeys: ['body'] },
);

function encode(fields: object): Buffer {
  const { body, ...rest } = fields as { readonly body: unknown };
  const json = Buffer.from(JSON.stringify(body), 'utf8');
  return codec.encode({ ...rest, body: codec.data_section(json) } as unknown as Message);
}

describe('splicing the service’s annotations', () => {
  test('adds them and leaves everything else as it was, for any message', () => {
    fc.assert(
      fc.property(eventMessage, (fields) => {
        const before = codec.decode(encode(fields));
        const after = codec.decode(withBrokerAnnotations(encode(fields), at));
        const { message_annotations: added, ...rest } = after;
        const { message_annotations: own, ...ownRest } = before;
        expect(rest).toEqual(ownRest);
        expect(added).toEqual({
          ...own,
          'x-opt-sequence-number': 7,
          'x-opt-offset': '4711',
          'x-opt-enqueued-time': new Date(at.enqueuedAtMs),
        });
      }),
    );
  });

  test('replaces those of an event that was received and is sent on', () => {
    const once = withBrokerAnnotations(encode({ body: 1 }), at);
    const twice = codec.decode(withBrokerAnnotations(once, { ...at, sequenceNumber: 8, offset: '5000' }));
    expect(twice.message_annotations).toMatchObject({ 'x-opt-sequence-number': 8, 'x-opt-offset': '5000' });
  });

  test('adds the key of the batch to an event that has none of its own', () => {
    const keyed = withBrokerAnnotations(encode({ body: 1 }), { ...at, partitionKey: '가게' });
    expect(partitionKeyOf(keyed)).toBe('가게');
    const own = encode({ body: 1, message_annotations: { 'x-opt-partition-key': 'mine' } });
    expect(partitionKeyOf(withBrokerAnnotations(own, { ...at, partitionKey: 'theirs' }))).toBe('mine');
  });

  test('tells the state of the partition when asked', () => {
    const partition = {
      lastSequenceNumber: 9,
      lastOffset: '6000',
      lastEnqueuedAtMs: at.enqueuedAtMs + 1,
      retrievedAtMs: at.enqueuedAtMs + 2,
    };
    const delivered = codec.decode(withBrokerAnnotations(encode({ body: 1 }), at, partition));
    expect(delivered.delivery_annotations).toEqual({
      last_enqueued_sequence_number: 9,
      last_enqueued_offset: '6000',
      last_enqueued_time_utc: new Date(at.enqueuedAtMs + 1),
      runtime_info_retrieval_time_utc: new Date(at.enqueuedAtMs + 2),
    });
  });
});

describe('a publication', () => {
  test('of a batch gives back every event as it was encoded', () => {
    fc.assert(
      fc.property(fc.array(eventMessage, { minLength: 1, maxLength: 20 }), (fields) => {
        const encoded = fields.map(encode);
        const envelope = codec.encode({
          body: codec.data_sections(encoded),
          message_annotations: { 'x-opt-partition-key': 'store-1' },
        } as unknown as Message);
        const { events, partitionKey } = readPublication(envelope, BATCH_MESSAGE_FORMAT);
        expect(partitionKey).toBe('store-1');
        expect(events.map(({ message }) => message)).toEqual(encoded);
        expect(events.map(({ message }) => bodyOf(message))).toEqual(
          fields.map(({ body }) => JSON.parse(JSON.stringify(body))),
        );
      }),
    );
  });

  test('counts the bytes of bodies alone', () => {
    const encoded = encode({
      body: { a: 1 },
      message_id: 'x',
      application_properties: { long: 'y'.repeat(500) },
    });
    expect(readPublication(encoded, 0).events[0]?.payloadBytes).toBe('{"a":1}'.length);
    expect(jsonEvent({ a: 1 }).payloadBytes).toBe('{"a":1}'.length);
  });

  test('may hold any AMQP value as its body', () => {
    const value = codec.encode({ body: types.wrap_long(5) } as unknown as Message);
    expect(readPublication(value, 0).events[0]?.payloadBytes).toBeGreaterThan(0);
  });

  test('of any bytes is read or refused as undecodable, never anything else', () => {
    const prefix = fc.constantFrom(
      Buffer.from([0, 0x53, 0x75]),
      Buffer.from([0, 0x53, 0x72, 0xd1]),
      Buffer.alloc(0),
    );
    fc.assert(
      fc.property(prefix, fc.uint8Array({ maxLength: 80 }), (head, tail) => {
        const bytes = Buffer.concat([head, tail]);
        try {
          readPublication(bytes, BATCH_MESSAGE_FORMAT);
        } catch (error) {
          expect(error).toBeInstanceOf(AmqpDecodeError);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe('a JSON event', () => {
  test('is what the receiver reads', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        const read = bodyOf(withBrokerAnnotations(jsonEvent(body).message, at));
        expect(read).toEqual(JSON.parse(JSON.stringify(body)));
      }),
    );
  });
});

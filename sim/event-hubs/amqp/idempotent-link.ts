/** How an idempotent producer and the service agree on the producer's state while its link attaches. */
import rhea, { type Receiver } from 'rhea';
import type { ProducerRequest, ProducerState } from '../core/producers.js';

const { types } = rhea;
const CAPABILITY = 'com.microsoft:idempotent-producer';
const PRODUCER_ID = 'com.microsoft:producer-id';
const EPOCH = 'com.microsoft:producer-epoch';
const SEQUENCE_NUMBER = 'com.microsoft:producer-sequence-number';

/** What the client asks for; null when it does not publish idempotently. */
export function producerRequestOf(link: Receiver): ProducerRequest | null {
  const capabilities = [link.desired_capabilities].flat();
  if (!capabilities.some((each) => String(each) === CAPABILITY)) return null;
  const { properties } = link;
  return {
    producerId: numberOf(properties?.[PRODUCER_ID]),
    epoch: numberOf(properties?.[EPOCH]),
    lastSequenceNumber: numberOf(properties?.[SEQUENCE_NUMBER]),
  };
}

/** Puts `state` into the attach frame that answers the client. */
export function answerWithProducer(link: Receiver, state: ProducerState): void {
  // rhea has no setters for these fields of its own attach frame.
  const { attach } = (link as Receiver & { readonly local: { readonly attach: Record<string, unknown> } })
    .local;
  attach.offered_capabilities = [types.wrap_symbol(CAPABILITY)];
  attach.properties = {
    [PRODUCER_ID]: types.wrap_long(state.producerId),
    [EPOCH]: types.wrap_short(state.epoch),
    [SEQUENCE_NUMBER]: types.wrap_int(state.lastSequenceNumber),
  };
}

function numberOf(value: unknown): number | null {
  return value === undefined || value === null ? null : Number(value);
}

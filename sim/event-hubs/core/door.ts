/**
 * The door of the namespace, the same for both fidelities: a publication first crosses the link, then is let in.
 */
import { createHash } from 'node:crypto';
import type { Link } from '../../network/link.js';
import { bodyBytes, type EncodedEvent } from '../codec/event-message.js';
import type { EventHubsCore, PublishReceipt, PublishRequest } from './core.js';
import type { StoredEvent } from './partition-log.js';

/**
 * How publications of one instant are let in. `canonical` is for worlds: by the order of their keys, because the
 * order of arrival inside an instant differs between the fidelities, and order decides sequence numbers and who
 * meets the throughput limit. `arrival` is for clients of the real network, who count on their sending order.
 */
export type Admission = 'canonical' | 'arrival';

export interface Door {
  /** What lies between the client and the namespace; undefined: nothing that the simulation charges. */
  readonly link: Link | undefined;
  readonly admission: Admission;
}

const KEY_LENGTH = 16;

/** Names a publication by the body of its first event, so that it has one name in every fidelity. */
export function publicationKey(events: readonly EncodedEvent[]): string {
  const [first] = events;
  if (!first) return 'empty';
  return createHash('sha256').update(bodyBytes(first.message)).digest('hex').slice(0, KEY_LENGTH);
}

/** Resolves when the namespace has taken the publication; rejects with `EventHubsError` or `LinkDownError`. */
export async function publishThroughDoor(
  core: EventHubsCore,
  { link, admission }: Door,
  request: PublishRequest,
): Promise<PublishReceipt> {
  const { key } = request;
  if (link) await link.transmit('up', totalBytes(request.publication.events), key);
  if (admission === 'arrival') {
    const receipt = core.publish(request);
    // An acknowledgement is a promise that the events outlive a crash.
    if (core.journal) await core.journal.flushed();
    return receipt;
  }
  return new Promise((resolve, reject) => {
    core.services.arbiter.submit(`event-hubs/${core.configuration.name}`, key, () => {
      try {
        resolve(core.publish(request));
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** Resolves when events read for a receiver have crossed to it; rejects with `LinkDownError`. */
export async function deliverThroughDoor(
  core: EventHubsCore,
  { link }: Door,
  receiverAddress: string,
  events: readonly StoredEvent[],
): Promise<void> {
  await core.passOut(events);
  const firstSequenceNumber = events[0]?.sequenceNumber ?? 0;
  if (link) await link.transmit('down', totalBytes(events), `${receiverAddress}/${firstSequenceNumber}`);
}

function totalBytes(events: readonly EncodedEvent[]): number {
  return events.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0);
}

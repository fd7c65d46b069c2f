/** A link on which a client receives the events of a partition. */
import type { Sender } from 'rhea';
import { withBrokerAnnotations } from '../codec/annotations.js';
import type { EventReceiver } from '../core/consumer-group.js';
import type { EventHubsCore } from '../core/core.js';
import { type Door, deliverThroughDoor } from '../core/door.js';
import type { StoredEvent } from '../core/partition-log.js';

/** What one turn takes from the log, whatever the client's credit. */
const MAX_EVENTS_A_TURN = 1000;

export interface ConsumerSource {
  readonly hub: string;
  readonly consumerGroup: string;
  readonly partitionId: string;
  /** The client asked for the state of the partition with every event. */
  readonly withRuntimeMetrics: boolean;
}

/** Delivers what `receiver` reads on `link`, as far as the client's credit goes, until either closes. */
export function serveConsumer(
  core: EventHubsCore,
  door: Door,
  link: Sender,
  source: ConsumerSource,
  receiver: EventReceiver,
): void {
  const address = `${source.hub}/${source.consumerGroup}/${source.partitionId}`;
  let crossed: StoredEvent[] = [];
  let pumping = false;

  receiver.onAvailable = pump;
  receiver.onStolen = ({ condition, message: description }) => link.close({ condition, description });
  link.on('sendable', pump);
  link.on('sender_close', () => receiver.close());
  link.session.on('session_close', () => receiver.close());

  function pump(): void {
    if (pumping) return;
    pumping = true;
    void run().finally(() => {
      pumping = false;
    });
  }

  async function run(): Promise<void> {
    while (receiver.isOpen) {
      send();
      if (crossed.length > 0) return;
      await creditIsSpent();
      const events = receiver.read(Math.min(creditOf(link), MAX_EVENTS_A_TURN));
      if (events.length === 0) return;
      try {
        await deliverThroughDoor(core, door, address, events);
      } catch {
        // The link failed: the client will attach again and say where it was.
        return receiver.close();
      }
      crossed = [...events];
    }
  }

  /** Sends what has crossed the link; the rest waits until the client is ready for more. */
  function send(): void {
    let sent = 0;
    while (sent < crossed.length && link.sendable()) {
      const event = crossed[sent];
      if (!event) break;
      link.send(encoded(event), undefined, 0);
      sent++;
    }
    crossed = crossed.slice(sent);
  }

  function encoded(event: StoredEvent): Buffer {
    const annotations = { ...event, offset: String(event.offset) };
    return withBrokerAnnotations(event.message, annotations, source.withRuntimeMetrics ? metrics() : null);
  }

  function metrics() {
    const properties = core.partitionProperties(source.hub, source.partitionId);
    return { ...properties, retrievedAtMs: core.services.clock.now() };
  }
}

/** rhea counts down a link's credit when it writes, in the tick after `send`. */
function creditIsSpent(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

/** What the client has granted and not yet got; rhea's types leave it out. */
function creditOf(link: Sender): number {
  return (link as Sender & { readonly credit: number }).credit;
}

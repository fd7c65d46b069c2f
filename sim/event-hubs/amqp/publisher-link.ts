/** A link on which a client publishes events. */
import rhea, { type Delivery, type EventContext, type Message, type Receiver } from 'rhea';
import { AmqpDecodeError } from '../codec/amqp-values.js';
import { readPublication } from '../codec/event-message.js';
import type { EventHubsCore } from '../core/core.js';
import { type Door, publicationKey, publishThroughDoor } from '../core/door.js';
import { EventHubsError } from '../core/errors.js';

/** Publications that a client may have under way; the service grants about as many. */
const CREDIT = 300;

export interface PublisherTarget {
  readonly hub: string;
  readonly partitionId: string | null;
}

/** Takes what arrives on `link`. `assertAllowed` throws `EventHubsError` once the client's claim has expired. */
export function servePublisher(
  core: EventHubsCore,
  door: Door,
  link: Receiver,
  target: PublisherTarget,
  assertAllowed: () => void,
): void {
  link.add_credit(CREDIT);
  link.on('message', ({ message, delivery }: EventContext) => {
    if (!delivery || !message) return;
    void publish(message, delivery).finally(() => link.add_credit(1));
  });

  async function publish(message: Message | Buffer, delivery: Delivery): Promise<void> {
    try {
      assertAllowed();
      // rhea decodes messages of format 0 and hands over the bytes of any other.
      const transfer = Buffer.isBuffer(message) ? message : rhea.message.encode(message);
      assertSize(transfer.length, core.configuration.maxPublicationBytes);
      const publication = readPublication(transfer, delivery.format);
      const key = publicationKey(publication.events);
      await publishThroughDoor(core, door, { ...target, publication, key });
      delivery.accept();
    } catch (error) {
      delivery.reject(amqpErrorOf(error));
    }
  }
}

function assertSize(bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  throw new EventHubsError(
    'too-large',
    `The received message (${bytes} bytes) exceeds the limit (${maxBytes} bytes currently allowed on the link).`,
  );
}

function amqpErrorOf(error: unknown): { readonly condition: string; readonly description: string } {
  if (error instanceof EventHubsError) return { condition: error.condition, description: error.message };
  if (error instanceof AmqpDecodeError) return { condition: 'amqp:decode-error', description: error.message };
  const description = error instanceof Error ? error.message : String(error);
  return { condition: 'amqp:internal-error', description };
}

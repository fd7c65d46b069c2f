/** A link on which a back end receives feedback or file notifications, and says what became of each. */
import rhea, { type Delivery, type EventContext, type Sender } from 'rhea';
import type { IotHub } from '../core.js';
import type { Locked } from '../messages/locked-queue.js';
import type { ServiceBoundKind, ServiceBoundMessage } from '../messages/service-bound.js';
import type { ServiceRights } from './service-rights.js';

/** Serves until the link closes; the result ends it at once. */
export function serveServiceBound(
  hub: IotHub,
  link: Sender,
  kind: ServiceBoundKind,
  rights: ServiceRights,
): () => void {
  const queue = hub.serviceBound.queue(kind);
  const locks = new Map<number, string>();
  const stopWaking = hub.serviceBound.onAvailable(kind, pump);
  link.on('sendable', pump);
  link.on(
    'accepted',
    settle((lock) => queue.complete(lock)),
  );
  link.on(
    'rejected',
    settle((lock) => queue.reject(lock)),
  );
  link.on(
    'released',
    settle((lock) => queue.abandon(lock)),
  );
  link.on(
    'modified',
    settle((lock) => queue.abandon(lock)),
  );
  link.on('sender_close', end);
  pump();
  return end;

  function pump(): void {
    while (link.is_open() && link.sendable()) {
      if (!rights.isGranted) {
        link.close({ condition: 'amqp:unauthorized-access', description: 'the token has expired' });
        return;
      }
      const next = queue.receive();
      if (next === null) return;
      const delivery = link.send(encoded(hub, next));
      locks.set(delivery.id, next.lockToken);
    }
  }

  function settle(how: (lock: string) => boolean): (context: EventContext) => void {
    return ({ delivery }) => {
      if (delivery === undefined) return;
      const lock = take(delivery);
      if (lock !== undefined) how(lock);
    };
  }

  function take({ id }: Delivery): string | undefined {
    const lock = locks.get(id);
    locks.delete(id);
    return lock;
  }

  function end(): void {
    stopWaking();
    const held = [...locks.values()];
    locks.clear();
    for (const lock of held) queue.release(lock);
  }
}

function encoded(
  hub: IotHub,
  { deliveryCount, enqueuedAtMs, message, sequenceNumber }: Locked<ServiceBoundMessage>,
) {
  return {
    message_id: String(sequenceNumber),
    user_id: hub.name,
    content_type: message.contentType,
    delivery_count: deliveryCount,
    message_annotations: { 'iothub-enqueuedtime': rhea.types.wrap_timestamp(enqueuedAtMs) },
    body: rhea.message.data_section(Buffer.from(message.body)),
  };
}

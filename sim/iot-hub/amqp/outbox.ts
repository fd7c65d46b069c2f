/** A link to a device, with what waits until the device has room for it. */
import type { Delivery, Message, Sender } from 'rhea';

interface Waiting {
  readonly message: Message;
  readonly onSent: (delivery: Delivery) => void;
}

/**
 * rhea sends the deliveries of a session in order, so that one on a link without credit would hold up those of all
 * other links: answers about the twin behind messages that nobody fetches.
 */
export class Outbox {
  private readonly link: Sender;
  private waiting: readonly Waiting[] = [];

  constructor(link: Sender) {
    this.link = link;
    link.on('sendable', () => this.flush());
  }

  send(message: Message, onSent: (delivery: Delivery) => void = () => {}): void {
    this.waiting = [...this.waiting, { message, onSent }];
    this.flush();
  }

  private flush(): void {
    while (this.link.is_open() && this.link.sendable()) {
      const [next, ...rest] = this.waiting;
      if (next === undefined) return;
      this.waiting = rest;
      next.onSent(this.link.send(next.message));
    }
  }
}

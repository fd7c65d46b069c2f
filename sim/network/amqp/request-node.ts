/** Request and response over a pair of links, as `$cbs` and `$management` use it. */
import rhea, { type EventContext, type Message, type Receiver, type Sender } from 'rhea';

export interface Answer {
  readonly status: number;
  readonly description: string;
  /** The AMQP condition of a refusal. */
  readonly condition?: string;
  readonly body?: unknown;
}

const CREDIT = 100;

/** One such node on one connection. */
export class RequestNode {
  private readonly replyLinks = new Map<string, Sender>();
  private readonly answer: (request: Message) => Answer;

  constructor(answer: (request: Message) => Answer) {
    this.answer = answer;
  }

  /** A client opened the link on which it wants its responses. */
  addReplyLink(link: Sender): void {
    // Clients name the link in `reply-to` either by its target's address or by its own name.
    const names = [link.name, link.target?.address].filter((name) => typeof name === 'string');
    for (const name of names) this.replyLinks.set(name, link);
    link.on('sender_close', () => {
      for (const name of names) this.replyLinks.delete(name);
    });
  }

  /** A client opened the link on which it sends its requests. */
  addRequestLink(link: Receiver): void {
    link.add_credit(CREDIT);
    link.on('message', ({ message, delivery }: EventContext) => {
      delivery?.accept();
      link.add_credit(1);
      if (message) this.respond(message);
    });
  }

  /** The IoT SDKs name a `reply-to` that no link has; their connection has one reply link. */
  private onlyReplyLink(): Sender | undefined {
    const links = new Set(this.replyLinks.values());
    return links.size === 1 ? [...links][0] : undefined;
  }

  private respond(request: Message): void {
    const replyLink = this.replyLinks.get(String(request.reply_to)) ?? this.onlyReplyLink();
    if (!replyLink) return;
    const { status, description, condition, body } = this.answer(request);
    replyLink.send({
      correlation_id: request.correlation_id ?? request.message_id,
      application_properties: {
        'status-code': rhea.types.wrap_int(status),
        'status-description': description,
        ...(condition === undefined ? {} : { 'error-condition': rhea.types.wrap_symbol(condition) }),
      },
      body: body ?? null,
    } as unknown as Message);
  }
}

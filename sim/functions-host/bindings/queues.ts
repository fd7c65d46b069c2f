/** The storage queues of a function app, in memory: what its queue triggers and outputs, and the host itself, use. */
export interface QueueMessage {
  readonly id: string;
  readonly text: string;
  readonly insertedMs: number;
}

/** One queue has one reader; without one, messages wait. */
export class StorageQueue {
  readonly name: string;
  private readonly now: () => number;
  private readonly waiting: QueueMessage[] = [];
  private reader: ((message: QueueMessage) => void) | null = null;
  private count = 0;

  constructor(name: string, now: () => number) {
    this.name = name;
    this.now = now;
  }

  put(text: string): void {
    // Of one width, so that messages of one instant keep their order where ids are compared.
    const id = `${this.name}/${String(++this.count).padStart(10, '0')}`;
    const message = { id, text, insertedMs: this.now() };
    if (this.reader === null) this.waiting.push(message);
    else this.reader(message);
  }

  /** Hands `reader` what waits and what comes; returns how to stop. */
  read(reader: (message: QueueMessage) => void): () => void {
    this.reader = reader;
    for (const message of this.waiting.splice(0)) reader(message);
    return () => {
      this.reader = null;
    };
  }

  /** What nobody has taken, oldest first. */
  messages(): readonly QueueMessage[] {
    return this.waiting;
  }
}

export class StorageQueues {
  private readonly queues = new Map<string, StorageQueue>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** Made when it is first asked for. */
  queue(name: string): StorageQueue {
    const queue = this.queues.get(name) ?? new StorageQueue(name, this.now);
    this.queues.set(name, queue);
    return queue;
  }
}

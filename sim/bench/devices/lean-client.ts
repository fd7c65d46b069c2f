/** An MQTT device that costs next to nothing itself: what is measured is the server. */
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { generate, type Packet, parser } from 'mqtt-packet';

export interface Credentials {
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
}

export interface ServerAddress {
  readonly port: number;
  /** PEM of the certificate authority to trust; null: no TLS. */
  readonly caPem: string | null;
}

type Waiter = (packet: Packet) => void;

/**
 * How connections to `address` are opened: over TLS without a session of an earlier connection, as a device after a
 * restart. What it trusts is read once.
 */
export function dialler({ caPem, port }: ServerAddress): () => Duplex {
  const options = { port, host: '127.0.0.1', noDelay: true };
  if (caPem === null) return () => net.connect(options);
  const secureContext = tls.createSecureContext({ ca: caPem });
  return () => tls.connect({ ...options, secureContext, servername: 'localhost' });
}

export class LeanClient {
  private readonly socket: Duplex;
  private readonly waiters: Waiter[] = [];
  private readonly failures: ((error: Error) => void)[] = [];
  private lastMessageId = 0;

  constructor(socket: Duplex) {
    this.socket = socket;
    const packets = parser({ protocolVersion: 4 });
    packets.on('packet', (packet) => this.waiters.shift()?.(packet));
    socket.on('data', (chunk: Buffer) => packets.parse(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the server closed the connection')));
  }

  async connect({ clientId, password, username }: Credentials): Promise<void> {
    const answer = await this.exchange({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      keepalive: 300,
      clientId,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password: Buffer.from(password) }),
    });
    if (answer.cmd !== 'connack' || answer.returnCode !== 0) throw new Error(`${clientId} was refused`);
  }

  /** Subscribes, asks for the twin and waits for it. */
  async takeTwin(): Promise<void> {
    const subscription = { topic: '$iothub/twin/res/#', qos: 0 } as const;
    await this.exchange({ cmd: 'subscribe', messageId: this.nextId(), subscriptions: [subscription] });
    await this.exchange(message('$iothub/twin/GET/?$rid=1', Buffer.alloc(0), 0));
  }

  /** At QoS 1; resolves with the acknowledgement. */
  async send(topic: string, payload: Buffer): Promise<void> {
    await this.exchange({ ...message(topic, payload, 1), messageId: this.nextId() });
  }

  close(): void {
    this.failures.length = 0;
    this.socket.destroy();
  }

  private exchange(packet: Packet): Promise<Packet> {
    return new Promise((resolve, reject) => {
      this.waiters.push((answer) => {
        this.failures.length = 0;
        resolve(answer);
      });
      this.failures.push(reject);
      this.socket.write(generate(packet));
    });
  }

  private fail(error: Error): void {
    for (const reject of this.failures.splice(0)) reject(error);
  }

  private nextId(): number {
    this.lastMessageId = (this.lastMessageId % 0xffff) + 1;
    return this.lastMessageId;
  }
}

function message(topic: string, payload: Buffer, qos: 0 | 1) {
  return { cmd: 'publish', topic, payload, qos, dup: false, retain: false } as const;
}

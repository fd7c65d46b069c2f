/** The AMQP 1.0 front of the namespace: over TCP, TLS or any duplex, and over WebSockets. */
import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import rhea, { type Connection, type ConnectionOptions, type Container } from 'rhea';
import { linkOf } from '../../network/link.js';
import type { MessageSocket } from '../../network/websocket-over-link.js';
import type { EventHubsCore } from '../core/core.js';
import type { Door } from '../core/door.js';
import { serveConnection } from './client-connection.js';

/** The service closes a connection that is silent for so long. */
const IDLE_TIMEOUT_MS = 240_000;
const MAX_FRAME_BYTES = 65_536;
/** AMQP's snd-settle-mode `settled`: receivers of events have nothing to decide. */
const SETTLED = 1;

export class AmqpFront {
  private readonly core: EventHubsCore;
  private readonly container: Container;
  private readonly servers = new Set<Server>();
  private readonly sockets = new Set<Duplex>();

  constructor(core: EventHubsCore) {
    this.core = core;
    this.container = rhea.create_container({ id: core.configuration.name });
    // A client that vanishes or breaks the protocol ends its own connection, nothing else.
    for (const event of ['disconnected', 'connection_error', 'protocol_error', 'error']) {
      this.container.on(event, () => {});
    }
  }

  /** Serves a client at the other end of `socket`: TCP, TLS, or a link's duplex. */
  acceptSocket(socket: Duplex): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    acceptOn(this.newConnection(socket), transportOverStream(socket));
  }

  /** Serves a client at the other end of a WebSocket (subprotocol `AMQPWSB10`). */
  acceptWebSocket(socket: MessageSocket): void {
    acceptOn(this.newConnection(socket), transportOverWebSocket(socket));
  }

  /** Listens on TCP in real time; resolves to the port. `port` 0 takes any that is free. */
  listen(port: number, host: string): Promise<number> {
    // Nagle's algorithm would hold every acknowledgement back until the client's delayed ACK, 40 ms.
    const server = createServer({ noDelay: true }, (socket) => this.acceptSocket(socket));
    this.servers.add(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
    });
  }

  /** Stops listening and hangs up on everyone. */
  async close(): Promise<void> {
    const closed = [...this.servers].map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(closed);
  }

  private newConnection(socket: object): Connection {
    const connection = this.container.create_connection({
      container_id: this.core.configuration.name,
      idle_time_out: IDLE_TIMEOUT_MS,
      max_frame_size: MAX_FRAME_BYTES,
      reconnect: false,
      receiver_options: {
        autoaccept: false,
        credit_window: 0,
        max_message_size: this.core.configuration.maxPublicationBytes,
      },
      sender_options: { snd_settle_mode: SETTLED },
    } as Partial<ConnectionOptions> as ConnectionOptions);
    const link = linkOf(socket);
    const door: Door = { link, admission: link ? 'canonical' : 'arrival' };
    serveConnection(this.core, door, connection);
    return connection;
  }
}

/** What rhea needs of a transport. */
interface Transport {
  on(event: 'data', handler: (data: Buffer) => void): unknown;
  on(event: 'end' | 'error', handler: (error?: Error) => void): unknown;
  write(data: Buffer): unknown;
  end(): unknown;
}

type TransportEvent = 'data' | 'end' | 'error';
type TransportHandler = ((data: Buffer) => void) & ((error?: Error) => void);

/** `accept` is rhea's way to serve a transport that it did not open itself; its types leave it out. */
function acceptOn(connection: Connection, transport: Transport): void {
  const accept: (this: Connection, transport: Transport) => void = connection.accept;
  accept.call(connection, transport);
}

/** rhea writes frame by frame; what it writes in one tick leaves in one piece. */
function transportOverStream(socket: Duplex): Transport {
  return {
    on: (event: TransportEvent, handler: TransportHandler) => socket.on(event, handler),
    write(data: Buffer) {
      if (socket.writableCorked === 0) {
        socket.cork();
        process.nextTick(() => socket.uncork());
      }
      socket.write(data);
    },
    end: () => socket.end(),
  };
}

function transportOverWebSocket(socket: MessageSocket): Transport {
  return {
    on(event: TransportEvent, handler: TransportHandler) {
      if (event === 'data') socket.onmessage = ({ data }) => handler(data);
      else if (event === 'end') socket.onclose = () => handler();
      else socket.onerror = () => handler();
    },
    write: (data: Buffer) => socket.send(data),
    end: () => socket.close(),
  };
}

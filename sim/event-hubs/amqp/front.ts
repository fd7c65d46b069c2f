/** The AMQP 1.0 front of the namespace: over TCP, TLS or any duplex, and over WebSockets. */
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import rhea, { type Connection, type ConnectionOptions, type Container } from 'rhea';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { acceptOn, transportOverStream, transportOverWebSocket } from '../../network/amqp/transport.js';
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

/** Where clients of AMQP over WebSockets (the AMQP WebSocket binding, `AMQPWSB10`) knock in Azure. */
const WEB_SOCKET_PATH = '/$servicebus/websocket';
const WEB_SOCKET_PROTOCOL = 'AMQPWSB10';

/** Of a TLS server, in PEM. */
export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
}

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
    // rhea listens from the first byte on; a TLS or WebSocket client may be gone before.
    socket.on('error', () => {});
    acceptOn(this.newConnection(socket), transportOverStream(socket));
  }

  /** Serves a client at the other end of a WebSocket (subprotocol `AMQPWSB10`). */
  acceptWebSocket(socket: MessageSocket): void {
    acceptOn(this.newConnection(socket), transportOverWebSocket(socket));
  }

  /** Listens on TCP or TLS in real time; resolves to the port. `port` 0 takes any that is free. */
  listen(port: number, host: string, tls?: TlsIdentity): Promise<number> {
    const accept = (socket: Duplex) => this.acceptSocket(socket);
    // Nagle's algorithm would hold every acknowledgement back until the client's delayed ACK, 40 ms.
    const server = tls
      ? createTlsServer({ ...tls, noDelay: true }, accept)
      : createServer({ noDelay: true }, accept);
    return this.startListening(server, port, host);
  }

  /** Listens for WebSockets, plain or over TLS, in real time; resolves to the port. */
  listenWebSocket(port: number, host: string, tls?: TlsIdentity): Promise<number> {
    const server = tls ? createHttpsServer(tls) : createHttpServer();
    const webSockets = new WebSocketServer({
      server,
      path: WEB_SOCKET_PATH,
      handleProtocols: (offered) => (offered.has(WEB_SOCKET_PROTOCOL) ? WEB_SOCKET_PROTOCOL : false),
    });
    webSockets.on('connection', (socket) => this.acceptSocket(createWebSocketStream(socket)));
    return this.startListening(server, port, host);
  }

  /** Stops listening and hangs up on everyone. */
  async close(): Promise<void> {
    const closed = [...this.servers].map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(closed);
  }

  private startListening(server: Server, port: number, host: string): Promise<number> {
    this.servers.add(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
    });
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

/** What the tests of this folder need: a namespace in real time, and one in a world. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { WebSocketImpl } from '@azure/event-hubs';
import { realTimeServices } from '../kernel/real-time.js';
import type { KernelServices } from '../kernel/services.js';
import { type Link, openLink } from '../network/link.js';
import { webSocketOver } from '../network/websocket-over-link.js';
import { AmqpFront } from './amqp/front.js';
import { connectionString, loopbackConnectionString } from './connection-string.js';
import { type NamespaceSettings, namespaceConfiguration } from './core/configuration.js';
import { EventHubsCore } from './core/core.js';

export interface LoopbackNamespace {
  readonly core: EventHubsCore;
  readonly connectionString: string;
  /** Breaks every connection that is open; new ones are taken. */
  cutConnections(): void;
  close(): Promise<void>;
}

/** Plain AMQP on a loopback port. */
export async function loopbackNamespace(settings: NamespaceSettings): Promise<LoopbackNamespace> {
  const core = new EventHubsCore(realTimeServices('event-hubs'), namespaceConfiguration(settings));
  const front = new AmqpFront(core);
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    front.acceptSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    core,
    connectionString: loopbackConnectionString(core, port),
    cutConnections() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      await front.close();
      await closed;
    },
  };
}

export interface WorldNamespace {
  readonly core: EventHubsCore;
  readonly link: Link;
  readonly endpoint: { readonly connectionString: string; readonly webSocket: WebSocketImpl };
}

/** A namespace at the far end of a link with 20 ms latency and 8 Mbit/s. */
export function worldNamespace(services: KernelServices, settings: NamespaceSettings): WorldNamespace {
  const core = new EventHubsCore(services, namespaceConfiguration(settings));
  const front = new AmqpFront(core);
  const link = openLink(services, 'uplink', { latencyMs: 20, bitsPerSecond: 8_000_000, lossShare: 0 });
  const webSocket = webSocketOver(link, (socket) => front.acceptWebSocket(socket));
  return { core, link, endpoint: { connectionString: connectionString(core), webSocket } };
}

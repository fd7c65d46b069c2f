/** What rhea needs of a transport, over a stream and over a WebSocket of a world. */
import type { Duplex } from 'node:stream';
import type { Connection } from 'rhea';
import type { MessageSocket } from '../websocket-over-link.js';

export interface Transport {
  on(event: 'data', handler: (data: Buffer) => void): unknown;
  on(event: 'end' | 'error', handler: (error?: Error) => void): unknown;
  write(data: Buffer): unknown;
  end(): unknown;
}

type TransportEvent = 'data' | 'end' | 'error';
type TransportHandler = ((data: Buffer) => void) & ((error?: Error) => void);

/** `accept` is rhea's way to serve a transport that it did not open itself; its types leave it out. */
export function acceptOn(connection: Connection, transport: Transport): void {
  const accept: (this: Connection, transport: Transport) => void = connection.accept;
  accept.call(connection, transport);
}

/** rhea writes frame by frame; what it writes in one tick leaves in one piece. */
export function transportOverStream(socket: Duplex): Transport {
  return {
    on(event: TransportEvent, handler: TransportHandler) {
      socket.on(event, handler);
      // A socket that is destroyed never ends, and rhea would keep its idle timer for eight minutes.
      if (event === 'end') socket.once('close', () => socket.readableEnded || handler());
    },
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

export function transportOverWebSocket(socket: MessageSocket): Transport {
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

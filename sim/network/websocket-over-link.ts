import type { Duplex } from 'node:stream';
import { connectOrFail } from './http-over-link.js';
import { carriedBy, type Link } from './link.js';

/** The part of a WebSocket that AMQP libraries use. */
export interface MessageSocket {
  binaryType: string;
  readonly url: string;
  onopen: ((event: object) => void) | null;
  onmessage: ((event: { readonly data: Buffer }) => void) | null;
  onclose: ((event: object) => void) | null;
  onerror: ((event: object) => void) | null;
  send(data: ArrayBuffer | Uint8Array): void;
  close(): void;
}

/**
 * A WebSocket class whose connections go over `link` to `accept` (rhea's `websocket_accept`). Frames are not
 * masked or framed: only the message boundaries of the real thing would be lost, and AMQP does not use them.
 */
export function webSocketOver(link: Link, accept: (socket: MessageSocket) => void) {
  return class LinkWebSocket extends StreamSocket {
    constructor(url: string) {
      super(
        url,
        connectOrFail(link, (end) => {
          const server = new StreamSocket(url, end);
          carriedBy(server, link);
          accept(server);
        }),
      );
      setImmediate(() => {
        if (!this.isClosed) this.onopen?.({});
      });
    }
  };
}

class StreamSocket implements MessageSocket {
  binaryType = 'nodebuffer';
  readonly url: string;
  onopen: ((event: object) => void) | null = null;
  onmessage: ((event: { readonly data: Buffer }) => void) | null = null;
  onclose: ((event: object) => void) | null = null;
  onerror: ((event: object) => void) | null = null;
  private readonly stream: Duplex;

  constructor(url: string, stream: Duplex) {
    this.url = url;
    this.stream = stream;
    stream.on('data', (data: Buffer) => this.onmessage?.({ data }));
    stream.on('end', () => stream.end());
    stream.on('error', (error) => this.onerror?.({ error, message: error.message }));
    stream.on('close', () => this.onclose?.({}));
  }

  get isClosed(): boolean {
    return this.stream.destroyed;
  }

  send(data: ArrayBuffer | Uint8Array): void {
    if (this.stream.destroyed) return;
    this.stream.write(data instanceof Uint8Array ? Buffer.from(data) : Buffer.from(new Uint8Array(data)));
  }

  close(): void {
    this.stream.end();
  }
}

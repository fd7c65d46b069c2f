import { Duplex } from 'node:stream';

/**
 * Two ends of a connection in memory. Bytes cross within the instant, by a counted immediate: the kernel sees
 * them on their way (Node's own `duplexPair` hops on nextTick and would let a peer answer inside `write`).
 */
export function duplexPair(): readonly [Duplex, Duplex] {
  const one = new End();
  const other = new End();
  one.peer = other;
  other.peer = one;
  return [one, other];
}

const HIGH_WATER_MARK_BYTES = 1 << 20;

/** What happens at the far end, in order. */
type Arrival = Buffer | 'end' | 'gone';

class End extends Duplex {
  peer!: End;
  // What node:http, aedes and the SDKs ask of a socket.
  readonly remoteAddress = '127.0.0.1';
  readonly remotePort = 0;
  readonly localAddress = '127.0.0.1';
  readonly localPort = 0;
  readonly connecting = false;
  readonly encrypted = false;
  private arrivals: Arrival[] = [];

  constructor() {
    super({ readableHighWaterMark: HIGH_WATER_MARK_BYTES, writableHighWaterMark: HIGH_WATER_MARK_BYTES });
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.peer.receive(chunk);
    done();
  }

  override _writev(
    chunks: readonly { readonly chunk: Buffer }[],
    done: (error?: Error | null) => void,
  ): void {
    for (const { chunk } of chunks) this.peer.receive(chunk);
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.peer.receive('end');
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.peer.receive('gone');
    done(error);
  }

  private receive(arrival: Arrival): void {
    if (this.destroyed) return;
    this.arrivals.push(arrival);
    if (this.arrivals.length === 1) setImmediate(() => this.takeIn());
  }

  private takeIn(): void {
    const arrivals = this.arrivals;
    this.arrivals = [];
    for (const arrival of arrivals) {
      if (this.destroyed) return;
      if (arrival === 'end') this.push(null);
      else if (arrival === 'gone') this.hangUp();
      else this.push(arrival);
    }
  }

  private hangUp(): void {
    if (!this.readableEnded) this.push(null);
    this.destroy();
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/** `fetch` over the world's links. It does not come by `node:http`: Node has a client of its own for it. */
import type { Duplex } from 'node:stream';
import type { Dial } from './host-routes.js';

/** Where Node keeps the dispatcher that `fetch` uses, for every copy of its client (undici) to find. */
const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

interface ConnectOptions {
  readonly hostname: string;
  readonly protocol: string;
}
type Connected = (error: Error | null, socket: Duplex | null) => void;
type DispatcherClass = new (options: {
  readonly connect: (options: ConnectOptions, connected: Connected) => void;
}) => object;

/** Returns how to undo it. */
export function routeFetch(dial: Dial): () => void {
  const before = currentDispatcher();
  const Dispatcher = before.constructor as DispatcherClass;
  const routed = new Dispatcher({
    connect({ hostname, protocol }, connected) {
      const connection = dial(hostname, protocol === 'https:');
      const fail = (error: Error) => connected(error, null);
      connection.once('error', fail);
      // The client waits for ever when it is called back before it has asked.
      setImmediate(() => {
        if (connection.destroyed) return;
        connection.removeListener('error', fail);
        connected(null, connection);
      });
    },
  });
  Reflect.set(globalThis, GLOBAL_DISPATCHER, routed);
  return () => {
    Reflect.set(globalThis, GLOBAL_DISPATCHER, before);
  };
}

function currentDispatcher(): object {
  // The first touch of a class of `fetch` makes Node load its client, which puts its dispatcher there.
  new Headers();
  const dispatcher: unknown = Reflect.get(globalThis, GLOBAL_DISPATCHER);
  if (typeof dispatcher === 'object' && dispatcher !== null) return dispatcher;
  throw new Error('this version of Node keeps the dispatcher of fetch elsewhere');
}

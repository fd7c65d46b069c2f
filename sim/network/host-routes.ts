/**
 * Takes an unmodified program's connections into the world. A user's Function makes its own clients, with
 * `fetch`, `node:http`, `node:https` or an SDK over them: inside a world the names that it dials lead over our
 * links to our servers, and everything else is refused, so that no run ever depends on the real network.
 */
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { routeFetch } from './fetch-routes.js';
import { connectOrFail, failedConnection } from './http-over-link.js';
import type { Link } from './link.js';

/** Where connections to a host name lead. */
export interface Route {
  readonly link: Link;
  accept(serverEnd: Duplex): void;
}

/**
 * Keys are host names (`face.local`, any port), or `*.` and a domain for all names under it. What a program
 * means to encrypt arrives at the server in the clear, as from a gateway that ends TLS, marked `encrypted`.
 */
export type Routes = Readonly<Record<string, Route>>;

/** Why a connection was refused: a name that leads nowhere in this world. */
export class HostUnknownError extends Error {
  readonly code = 'ENOTFOUND';
  readonly hostname: string;

  constructor(hostname: string, known: readonly string[]) {
    super(
      `getaddrinfo ENOTFOUND ${hostname}: the simulated network has no such host, and the real one is out of reach; known: ${known.join(', ') || 'none'}`,
    );
    this.hostname = hostname;
  }
}

/** A route to an HTTP server that need not listen anywhere. */
export function httpRoute(link: Link, server: http.Server): Route {
  return { link, accept: (serverEnd) => server.emit('connection', serverEnd) };
}

/** Dials `hostname` in the world. */
export type Dial = (hostname: string, isSecure: boolean) => Duplex;

/**
 * From here on every new connection of this thread follows `routes`; returns how to undo it. Agents with a
 * `createConnection` of their own (`httpAgentOver`) are not touched.
 */
export function routeHosts(routes: Routes): () => void {
  const dial: Dial = (hostname, isSecure) => {
    const route = findRoute(routes, hostname);
    if (route === undefined) return failedConnection(new HostUnknownError(hostname, Object.keys(routes)));
    return connectOrFail(route.link, (serverEnd) => {
      if (isSecure) Reflect.set(serverEnd, 'encrypted', true);
      route.accept(serverEnd);
    });
  };
  const undo = [routeSockets(dial), routeFetch(dial)];
  return () => {
    for (const put of undo.reverse()) put();
  };
}

function findRoute(routes: Routes, hostname: string): Route | undefined {
  const name = hostname.toLowerCase();
  if (Object.hasOwn(routes, name)) return routes[name];
  const labels = name.split('.');
  for (let from = 1; from < labels.length; from++) {
    const pattern = `*.${labels.slice(from).join('.')}`;
    if (Object.hasOwn(routes, pattern)) return routes[pattern];
  }
  return undefined;
}

type Connect = (...args: unknown[]) => unknown;

function routeSockets(dial: Dial): () => void {
  const plain = routing(net.connect as Connect, (hostname) => dial(hostname, false), 'connect');
  const secure = routing(tls.connect as Connect, (hostname) => dial(hostname, true), 'secureConnect');
  const undo = [
    replace(net, 'connect', plain),
    replace(net, 'createConnection', plain),
    replace(tls, 'connect', secure),
    // The agents keep references of their own.
    replace(http.Agent.prototype, 'createConnection', plain),
    replace(https.Agent.prototype, 'createConnection', secure),
  ];
  syncBuiltinESMExports();
  return () => {
    for (const put of undo) put();
    syncBuiltinESMExports();
  };
}

/** `connect` in all the ways it may be called; a path (a pipe of this machine) stays what it is. */
function routing(original: Connect, dial: (hostname: string) => Duplex, readyEvent: string): Connect {
  return (...args) => {
    const hostname = hostOf(args);
    if (hostname === null) return original(...args);
    const connection = dial(hostname);
    const onReady = args.find((argument) => typeof argument === 'function');
    if (onReady !== undefined) connection.once(readyEvent, onReady as () => void);
    setImmediate(() => {
      if (!connection.destroyed) connection.emit(readyEvent);
    });
    return connection;
  };
}

/** The host that `connect(options)`, `connect(port, host?)` or an agent dials; null for a path. */
function hostOf(args: readonly unknown[]): string | null {
  const [target, host] = args;
  if (typeof target === 'object' && target !== null) {
    if (typeof Reflect.get(target, 'path') === 'string' && Reflect.get(target, 'port') === undefined)
      return null;
    const named: unknown = Reflect.get(target, 'host') ?? Reflect.get(target, 'servername');
    return typeof named === 'string' ? named : 'localhost';
  }
  if (typeof target === 'string' && !/^\d+$/.test(target)) return null;
  return typeof host === 'string' ? host : 'localhost';
}

function replace(owner: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => {
    if (before) Object.defineProperty(owner, name, before);
    else Reflect.deleteProperty(owner, name);
  };
}

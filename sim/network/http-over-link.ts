import http from 'node:http';
import { Duplex } from 'node:stream';
import type { Link } from './link.js';

/** An HTTP agent whose connections go over `link` to `server`, which need not listen anywhere. */
export function httpAgentOver(link: Link, server: http.Server): http.Agent {
  const agent = new http.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  agent.createConnection = () => {
    const connection = connectOrFail(link, (end) => server.emit('connection', end));
    return connection;
  };
  return agent;
}

/**
 * A server for `listener` as a stand-in needs it inside a world: no clean-up timers of real time, no Date
 * header of the real clock.
 */
export function worldHttpServer(listener: http.RequestListener): http.Server {
  const server = http.createServer((request, response) => {
    response.sendDate = false;
    listener(request, response);
  });
  server.keepAliveTimeout = 0;
  server.headersTimeout = 0;
  server.requestTimeout = 0;
  return server;
}

/** The client's end of a new connection whose other end goes to `accept`; a refused one while the link is down. */
export function connectOrFail(link: Link, accept: (serverEnd: Duplex) => void): Duplex {
  if (!link.isUp)
    return failedConnection(
      Object.assign(new Error(`the link ${link.name} is down`), { code: 'ECONNREFUSED' }),
    );
  const [client, serverEnd] = link.connect();
  accept(serverEnd);
  return client;
}

/** A connection that never comes about, because of `error`. */
export function failedConnection(error: Error): Duplex {
  const failed = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() });
  // The caller attaches its error handler only after it has the stream.
  setImmediate(() => failed.destroy(error));
  return failed;
}

/** Ports that speak TLS to whoever begins with it, and plain to all others. */
import type http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import type { ServerCertificate } from './certificates.js';

/** "ContentType … handshake(22)" (RFC 8446, 5.1): the first byte of every TLS connection, and of no other protocol here. */
const TLS_HANDSHAKE = 22;

/** Who says nothing at all is hung up on. */
const SILENCE_MS = 60_000;

/** A server, not listening yet, that hands every connection to `accept`, deciphered where the client enciphers. */
export function eitherServer(
  { chainPem, keyPem }: ServerCertificate,
  accept: (socket: net.Socket) => void,
): net.Server {
  const secure = tls.createServer({ cert: chainPem, key: keyPem, noDelay: true }, accept);
  // A client that breaks the handshake off harms nobody but itself.
  secure.on('tlsClientError', () => {});
  return net.createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    beforeFirstByte(socket, (first) => {
      if (first === TLS_HANDSHAKE) secure.emit('connection', socket);
      else accept(socket);
    });
  });
}

/** The same for an HTTP server, which need not listen itself. */
export function eitherHttp(certificate: ServerCertificate, server: http.Server): net.Server {
  return eitherServer(certificate, (socket) => server.emit('connection', socket));
}

/** Calls `decide` with the first byte that comes, which `socket` still holds. */
export function beforeFirstByte(socket: net.Socket, decide: (first: number) => void): void {
  const giveUp = () => socket.destroy();
  socket.setTimeout(SILENCE_MS, giveUp);
  socket.once('data', (bytes) => {
    socket.setTimeout(0);
    socket.off('timeout', giveUp);
    socket.pause();
    socket.unshift(bytes);
    decide(Buffer.from(bytes).readUInt8(0));
    process.nextTick(() => socket.resume());
  });
}

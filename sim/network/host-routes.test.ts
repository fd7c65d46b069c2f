import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Kernel, openKernel } from '../kernel/index.js';
import {
  HostUnknownError,
  httpRoute,
  type Link,
  linkOf,
  openLink,
  routeHosts,
  worldHttpServer,
} from './index.js';

const START_MS = Date.UTC(2026, 0, 1);
const LATENCY_MS = 7;
let kernel: Kernel;
let link: Link;
let restore: () => void;

beforeEach(() => {
  kernel = openKernel({ seed: 1, startMs: START_MS });
  link = openLink(kernel, 'face', { latencyMs: LATENCY_MS, bitsPerSecond: null, lossShare: 0 });
  const server = worldHttpServer(async (incoming, response) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    await linkOf(incoming.socket)?.transmit('up', body.length, 'request');
    const isSecure = Reflect.get(incoming.socket, 'encrypted') === true;
    response.setHeader('ETag', '"1"');
    response.end(`${incoming.method} ${incoming.headers.host}${incoming.url} ${body} ${isSecure}`);
  });
  restore = routeHosts({
    'face.local': httpRoute(link, server),
    '*.blob.core.windows.net': httpRoute(link, server),
  });
});
afterEach(() => {
  restore();
  kernel.close();
});

function post(client: Pick<typeof http, 'request'>, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = client.request(url, { method: 'POST' }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(text));
    });
    request.on('error', reject).end('picture');
  });
}

describe('an unmodified program reaches a stand-in by its name', () => {
  test.each([
    [
      'node:http',
      () => post(http, 'http://face.local:5000/detect'),
      'POST face.local:5000/detect picture false',
    ],
    ['node:https', () => post(https, 'https://face.local/detect'), 'POST face.local/detect picture true'],
    [
      'fetch',
      async () =>
        (await fetch('https://one.blob.core.windows.net/c?x=1', { method: 'PUT', body: 'picture' })).text(),
      'PUT one.blob.core.windows.net/c?x=1 picture true',
    ],
  ])('by %s', async (_, call, expected) => {
    expect(await kernel.drive(call())).toBe(expected);
    expect(kernel.clock.now() - START_MS).toBe(LATENCY_MS);
  });

  test('by an SDK that makes its own agent', async () => {
    const service = new BlobServiceClient('https://one.blob.core.windows.net', undefined, {
      retryOptions: { maxTries: 1 },
    });
    const answer = await kernel.drive(service.getContainerClient('c').getBlobClient('b').getProperties());
    expect(answer.etag).toBe('"1"');
  });

  test('and one connection serves several calls of fetch', async () => {
    const ask = async () => (await fetch('http://face.local/a')).text();
    expect(await kernel.drive(ask())).toBe(await kernel.drive(ask()));
  });
});

describe('a name that is not of this world', () => {
  test.each([
    ['node:http', () => post(http, 'http://example.com/')],
    ['node:https', () => post(https, 'https://example.com/')],
    ['the loopback interface', () => post(http, 'http://127.0.0.1:9/')],
  ])('is refused by %s', async (_, call) => {
    await expect(kernel.drive(call())).rejects.toBeInstanceOf(HostUnknownError);
  });

  test('is refused by fetch', async () => {
    const failure = await kernel.drive(fetch('https://example.com/').catch((error: unknown) => error));
    expect(failure).toMatchObject({ cause: { code: 'ENOTFOUND', hostname: 'example.com' } });
  });

  test('is refused by plain and by encrypted sockets', async () => {
    const refusal = (socket: net.Socket) => new Promise((resolve) => socket.on('error', resolve));
    expect(await kernel.drive(refusal(net.connect(5671, 'example.com')))).toBeInstanceOf(HostUnknownError);
    expect(await kernel.drive(refusal(tls.connect({ host: 'example.com', port: 5671 })))).toBeInstanceOf(
      HostUnknownError,
    );
  });
});

test('a plain socket leads to whoever accepts it', async () => {
  restore();
  restore = routeHosts({ 'amqp.local': { link, accept: (end) => end.end('AMQP') } });
  const socket = net.connect({ host: 'AMQP.local', port: 5672 });
  let isConnected = false;
  socket.on('connect', () => {
    isConnected = true;
  });
  const greeting = await kernel.drive(
    new Promise((resolve) => socket.on('data', (data: Buffer) => resolve(data.toString()))),
  );
  expect([greeting, isConnected]).toEqual(['AMQP', true]);
});

test('while the link is down, calls fail as over a broken network', async () => {
  link.cut();
  await expect(kernel.drive(post(http, 'http://face.local/'))).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
  const failure = await kernel.drive(fetch('http://face.local/').catch((error: unknown) => error));
  expect(failure).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
});

test('afterwards the real network is there again', async () => {
  restore();
  kernel.close();
  const server = http.createServer((_, response) => response.end('real')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address() as net.AddressInfo;
  const url = `http://127.0.0.1:${address.port}/`;
  expect([await (await fetch(url)).text(), await post(http, url)]).toEqual(['real', 'real']);
  server.closeAllConnections();
  server.close();
});

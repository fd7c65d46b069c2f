import http from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Kernel, openKernel } from '../kernel/index.js';
import {
  exchange,
  httpAgentOver,
  type LinkProfile,
  linkOf,
  openLink,
  webSocketOver,
  worldHttpServer,
} from './index.js';

const START_MS = Date.UTC(2026, 0, 1);
const LAN: LinkProfile = { latencyMs: 5, bitsPerSecond: null, lossShare: 0 };
let kernel: Kernel;

beforeEach(() => {
  kernel = openKernel({ seed: 1, startMs: START_MS });
});
afterEach(() => kernel.close());

const elapsedMs = () => kernel.clock.now() - START_MS;

function request(agent: http.Agent, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = http.request({ agent, host: 'blob.local', method: 'PUT', path: '/x' }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve(Buffer.concat(parts).toString()));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

test('a message takes the latency, and the bandwidth of those before it', async () => {
  const link = openLink(kernel, 'uplink', { latencyMs: 20, bitsPerSecond: 8_000, lossShare: 0 });
  const arrivals: string[] = [];
  const send = (key: string) =>
    link.transmit('up', 100, key).then(() => arrivals.push(`${key} ${elapsedMs()}`));
  await kernel.drive(Promise.all([send('b'), send('a')]));
  expect(arrivals).toEqual(['a 120', 'b 220']);
});

test('HTTP over a link costs what the front charges, and nothing for handshakes', async () => {
  const link = openLink(kernel, 'lan', LAN);
  const server = worldHttpServer(async (incoming, response) => {
    const carrier = linkOf(incoming.socket);
    await carrier?.transmit('up', 4, 'x');
    incoming.resume();
    await carrier?.transmit('down', 2, 'x');
    response.end('ok');
  });
  const agent = httpAgentOver(link, server);
  expect(await kernel.drive(request(agent, 'body'))).toBe('ok');
  expect(elapsedMs()).toBe(10);
  await kernel.drive(exchange(link, 'y', 4, () => 'ok'));
  expect(elapsedMs()).toBe(20);
});

test('an outage fails what is under way at its moment, refuses what is new, and ends', async () => {
  const link = openLink(kernel, 'lan', { ...LAN, latencyMs: 50 });
  const server = worldHttpServer(async (incoming, response) => {
    await linkOf(incoming.socket)
      ?.transmit('up', 1, 'x')
      .then(
        () => response.end('ok'),
        () => {},
      );
  });
  const agent = httpAgentOver(link, server);
  kernel.clock.after(10, () => link.cut());
  await expect(kernel.drive(request(agent, 'a'))).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(elapsedMs()).toBe(10);
  await expect(kernel.drive(request(agent, 'b'))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await expect(kernel.drive(link.transmit('up', 1, 'c'))).rejects.toMatchObject({ code: 'ECONNRESET' });
  link.restore();
  expect(await kernel.drive(request(agent, 'd'))).toBe('ok');
});

test('a lost message arrives late, and the same ones are lost in every run', async () => {
  const link = openLink(kernel, 'wifi', { ...LAN, lossShare: 0.3 });
  const delays: number[] = [];
  for (let i = 0; i < 200; i++) {
    const before = kernel.clock.now();
    await kernel.drive(link.transmit('up', 10, `m${i}`));
    delays.push(kernel.clock.now() - before);
  }
  const late = delays.filter((delayMs) => delayMs === 1005).length;
  expect(late).toBe(link.figures().retransmitted);
  expect(late).toBeGreaterThan(30);
  expect(late).toBeLessThan(90);
});

test('a WebSocket over a link carries messages both ways and closes on both ends when cut', async () => {
  const link = openLink(kernel, 'uplink', LAN);
  const heard: string[] = [];
  const Socket = webSocketOver(link, (server) => {
    server.onmessage = ({ data }) => server.send(Buffer.from(`echo ${data}`));
    server.onclose = () => heard.push('server closed');
  });
  const client = new Socket('wss://hub');
  client.onopen = () => client.send(Buffer.from('hi'));
  client.onmessage = ({ data }) => heard.push(data.toString());
  client.onclose = () => heard.push('client closed');
  kernel.clock.after(5, () => link.cut());
  await kernel.runUntil(START_MS + 10);
  expect(heard).toEqual(['echo hi', 'client closed', 'server closed']);
});

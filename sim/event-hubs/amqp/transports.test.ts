/** The official SDK over TLS WebSockets and an AMQP client over TLS, as `footfall up` offers them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs';
import rhea from 'rhea';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { realTimeServices } from '../../kernel/real-time.js';
import { loopbackConnectionString } from '../connection-string.js';
import { namespaceConfiguration } from '../core/configuration.js';
import { EventHubsCore } from '../core/core.js';
import { AmqpFront, type TlsIdentity } from './front.js';

let identity: TlsIdentity;
let core: EventHubsCore;
let front: AmqpFront;

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'footfall-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', ['req', '-x509', ...curve, '-nodes', '-keyout', key, '-out', cert, ...name], {
    stdio: 'ignore',
  });
  identity = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  core = new EventHubsCore(
    realTimeServices('transports'),
    namespaceConfiguration({ hubs: [{ name: 'faces', partitionCount: 1 }] }),
  );
  front = new AmqpFront(core);
});
afterEach(() => front.close());

describe('WebSockets', () => {
  test('over TLS carry the official SDK both ways', async () => {
    const port = await front.listenWebSocket(0, '127.0.0.1', identity);
    const options = {
      webSocketOptions: { webSocket: WebSocket, webSocketConstructorOptions: { ca: identity.cert } },
    };
    const connectionString = loopbackConnectionString(core, port).replace(';UseDevelopmentEmulator=true', '');
    const producer = new EventHubProducerClient(connectionString, 'faces', options);
    const consumer = new EventHubConsumerClient('$Default', connectionString, 'faces', options);
    await producer.sendBatch([{ body: { big: 'x'.repeat(200_000) } }]);
    const body = await new Promise<unknown>((resolve, reject) => {
      consumer.subscribe(
        {
          processEvents: async ([event]) => event && resolve(event.body),
          processError: async (e) => reject(e),
        },
        { startPosition: earliestEventPosition },
      );
    });
    expect(body).toEqual({ big: 'x'.repeat(200_000) });
    await consumer.close();
    await producer.close();
  });

  test('are refused elsewhere and for other protocols', async () => {
    const port = await front.listenWebSocket(0, '127.0.0.1');
    const outcomeOf = (path: string, protocol: string) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocol);
        socket.on('open', () => resolve('open')).on('error', ({ message }) => resolve(message));
      });
    expect(await outcomeOf('/elsewhere', 'AMQPWSB10')).toContain('400');
    expect(await outcomeOf('/$servicebus/websocket', 'mqtt')).toContain('subprotocol');
    expect(await outcomeOf('/$servicebus/websocket', 'AMQPWSB10')).toBe('open');
  });
});

describe('TLS', () => {
  test('carries AMQP', async () => {
    const port = await front.listen(0, '127.0.0.1', identity);
    const connection = rhea.create_container().connect({
      transport: 'tls',
      host: '127.0.0.1',
      servername: 'localhost',
      port,
      ca: identity.cert,
      reconnect: false,
    });
    await new Promise((resolve) => connection.on('connection_open', resolve));
    expect(connection.is_open()).toBe(true);
    connection.close();
  });

  test('is not impressed by a client that hangs up, or that speaks something else', async () => {
    const port = await front.listen(0, '127.0.0.1', identity);
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch((error: Error) => error);
    expect(answer).toBeInstanceOf(Error);
  });
});

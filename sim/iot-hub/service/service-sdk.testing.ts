/** The official service SDK against the REST front in memory: it knows no port but 443, so its agent leads here. */
import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import iothub from 'azure-iothub';
import { duplexPair } from '../../network/index.js';
import type { IotHub } from '../core.js';
import { hubRestListener } from './https-front.js';

export interface ServiceSdk {
  readonly registry: iothub.Registry;
  readonly client: iothub.Client;
  readonly jobs: iothub.JobClient;
  /** A plain request with a device's token. */
  request(method: string, path: string, options: RequestOptions): Promise<PlainReply>;
}

export interface RequestOptions {
  readonly authorization: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PlainReply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** The SDK's clients keep their REST client to themselves. */
interface RestOwner {
  readonly _restApiClient: { setOptions(options: { readonly http: { readonly agent: https.Agent } }): void };
}

/** An agent whose connections to port 443 lead to `listener`. */
export function agentLeadingTo(listener: http.RequestListener): https.Agent {
  const agent = new https.Agent({ keepAlive: true });
  agent.createConnection = dialTo(listener) as typeof agent.createConnection;
  return agent;
}

export function agentTo(hub: IotHub): https.Agent {
  return agentLeadingTo(hubRestListener(hub));
}

function dialTo(listener: http.RequestListener): () => Duplex {
  const server = http.createServer(listener);
  return () => {
    const [client, far] = duplexPair();
    server.emit('connection', far);
    return client;
  };
}

export function serviceSdk(hub: IotHub, policy = 'iothubowner'): ServiceSdk {
  const agent = agentTo(hub);
  const dial = dialTo(hubRestListener(hub));
  const plain = new http.Agent();
  plain.createConnection = dial as typeof plain.createConnection;
  const connectionString = hub.policies.connectionString(policy);
  const redirected = <Owner>(owner: Owner): Owner => {
    (owner as unknown as RestOwner)._restApiClient.setOptions({ http: { agent } });
    return owner;
  };
  return {
    registry: redirected(iothub.Registry.fromConnectionString(connectionString)),
    client: redirected(iothub.Client.fromConnectionString(connectionString)),
    jobs: redirected(iothub.JobClient.fromConnectionString(connectionString)),
    request: (method, path, { authorization, body, headers }) =>
      new Promise((resolve, reject) => {
        const request = http.request(
          { agent: plain, method, path, host: 'hub.test', headers: { ...headers, authorization } },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('end', () =>
              resolve({
                status: response.statusCode ?? 0,
                headers: response.headers,
                text: Buffer.concat(chunks).toString(),
              }),
            );
          },
        );
        request.on('error', reject);
        request.end(body);
      }),
  };
}

/** The `wire` fidelity: Power BI's REST API over HTTP, ours or Microsoft's. */
import http from 'node:http';
import https from 'node:https';
import { PushError, type RowSink } from './ports.js';

export interface RestEndpoint {
  /** For example `https://api.powerbi.com`. */
  readonly url: string;
  readonly token: string;
  /** An agent whose connections go over a link; without it Node dials by itself. */
  readonly agent?: http.Agent;
}

interface Reply {
  readonly status: number;
  readonly retryAfterSeconds: number | null;
  readonly body: string;
}

const API = '/v1.0/myorg';

export function wireSink(endpoint: RestEndpoint): RowSink {
  return {
    async createDataset(definition, retention) {
      const path = `${API}/datasets?defaultRetentionPolicy=${retention}`;
      const { id } = JSON.parse(await post(endpoint, path, JSON.stringify(definition))) as {
        readonly id: string;
      };
      return id;
    },
    async pushRows(datasetId, table, rows) {
      const path = `${API}/datasets/${datasetId}/tables/${encodeURIComponent(table)}/rows`;
      await post(endpoint, path, JSON.stringify({ rows }));
    },
    async close() {
      endpoint.agent?.destroy();
    },
  };
}

async function post(endpoint: RestEndpoint, path: string, body: string): Promise<string> {
  const reply = await send(endpoint, path, body).catch((error: Error) => {
    throw new PushError(error.message, null, null);
  });
  if (reply.status < 300) return reply.body;
  throw new PushError(messageOf(reply), reply.status, reply.retryAfterSeconds);
}

function send({ url, token, agent }: RestEndpoint, path: string, body: string): Promise<Reply> {
  const transport = url.startsWith('https:') ? https : http;
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers, ...(agent ? { agent } : {}) };
    const request = transport.request(new URL(path, url), options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const retryAfter = response.headers['retry-after'];
        resolve({
          status: response.statusCode ?? 0,
          retryAfterSeconds: retryAfter === undefined ? null : Number(retryAfter),
          body: Buffer.concat(parts).toString('utf8'),
        });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

function messageOf({ status, body }: Reply): string {
  try {
    const { error } = JSON.parse(body) as { readonly error?: { readonly message?: string } };
    if (error?.message) return error.message;
  } catch {
    // Not every proxy answers with JSON.
  }
  return `Power BI answered ${status}`;
}

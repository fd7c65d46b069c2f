/** The HTTP trigger: routes, methods and keys of a function app, and a listener that serves them. */
import type http from 'node:http';
import type core from '@azure/functions-core';
import { StageCounters, type StageFigures } from '../../kernel/stage-counters.js';
import { newInvocationId, type Trigger, type TriggerParts } from './trigger.js';

export interface HttpCall {
  readonly method: string;
  /** The whole URL. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface HttpTriggerOptions {
  /** `api/products/{id}`: with the app's prefix. */
  readonly route: string;
  /** Lower case; none: all. */
  readonly methods: readonly string[];
  /** The key that a caller must show; null for `anonymous`. */
  readonly key: string | null;
}

const NO_BODY = new Uint8Array();

export class HttpTrigger implements Trigger {
  readonly options: HttpTriggerOptions;
  private readonly parts: TriggerParts;
  private readonly stage: StageCounters;
  private readonly pattern: RegExp;
  private calls = 0;
  private running = 0;
  private isOpen = false;

  constructor(parts: TriggerParts, options: HttpTriggerOptions) {
    this.parts = parts;
    this.options = options;
    this.pattern = routePattern(options.route);
    this.stage = new StageCounters(`functions-host/${parts.functionName}`);
  }

  start(): void {
    this.isOpen = true;
  }

  stop(): void {
    this.isOpen = false;
  }

  get isIdle(): boolean {
    return this.running === 0;
  }

  figures(): StageFigures {
    return this.stage.figures();
  }

  /** The parameters of the route, or null when `path` is not of this function. */
  match(path: string): Readonly<Record<string, string>> | null {
    const match = this.isOpen ? this.pattern.exec(path) : null;
    if (match === null) return null;
    const found = Object.entries(match.groups ?? {}).filter(([, value]) => value !== undefined);
    return Object.fromEntries(found.map(([name, value]) => [name, decode(value)]));
  }

  async serve(call: HttpCall, params: Readonly<Record<string, string>>): Promise<HttpAnswer> {
    const { key, methods } = this.options;
    const url = new URL(call.url);
    if (methods.length > 0 && !methods.includes(call.method.toLowerCase())) return plain(404, '');
    const shown = call.headers['x-functions-key'] ?? url.searchParams.get('code');
    if (key !== null && shown !== key) return plain(401, '');
    const what = `${call.method} ${url.pathname} #${++this.calls}`;
    const invocationId = newInvocationId(this.parts, what);
    this.stage.in++;
    this.running++;
    try {
      const query = Object.fromEntries(url.searchParams);
      const { method, headers, body } = call;
      const outputs = await this.parts.call({
        invocationId,
        input: { http: { method, url: call.url, headers, query, params, body: { bytes: body } } },
        triggerMetadata: {},
        bindingData: { ...query, ...params },
      });
      this.stage.out++;
      const answer = [...outputs.values()].find((value) => value.http !== undefined)?.http;
      return answer === undefined ? plain(204, '') : toAnswer(answer);
    } catch (error) {
      this.stage.dropped++;
      this.parts.onFailure(invocationId, what, 1, error);
      return plain(500, '');
    } finally {
      this.running--;
    }
  }
}

/** Serves `call` with the first of `triggers` whose route it has; literal routes before those with parameters. */
export async function serveHttp(triggers: readonly HttpTrigger[], call: HttpCall): Promise<HttpAnswer> {
  const path = new URL(call.url).pathname;
  const literalFirst = [...triggers].sort(
    (one, other) => Number(one.options.route.includes('{')) - Number(other.options.route.includes('{')),
  );
  let refused: HttpAnswer | null = null;
  for (const trigger of literalFirst) {
    const params = trigger.match(path);
    if (params === null) continue;
    const { methods } = trigger.options;
    if (methods.length === 0 || methods.includes(call.method.toLowerCase()))
      return trigger.serve(call, params);
    refused = plain(404, '');
  }
  return refused ?? plain(404, '');
}

/** A listener for node:http over `serve`. */
export function functionsListener(serve: (call: HttpCall) => Promise<HttpAnswer>): http.RequestListener {
  return (incoming, response) => {
    answer(serve, incoming, response).catch(() => incoming.socket.destroy());
  };
}

async function answer(
  serve: (call: HttpCall) => Promise<HttpAnswer>,
  incoming: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
  const url = `http://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`;
  if (!URL.canParse(url)) {
    response.writeHead(400).end();
    return;
  }
  const method = incoming.method ?? 'GET';
  const {
    status,
    headers: given,
    body,
  } = await serve({
    method,
    url,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
  });
  response.writeHead(status, { ...given, 'Content-Length': body.byteLength });
  response.end(method === 'HEAD' ? NO_BODY : body);
}

function plain(status: number, text: string): HttpAnswer {
  return { status, headers: {}, body: Buffer.from(text) };
}

function toAnswer({ statusCode, headers = {}, body }: core.HttpData): HttpAnswer {
  const bytes = body?.bytes ?? (body?.string === undefined ? NO_BODY : Buffer.from(body.string, 'utf8'));
  return { status: Number(statusCode ?? 200), headers, body: bytes };
}

/** ASP.NET's route templates: `{id}`, `{id:int}`, `{id?}`, `{*rest}`. */
function routePattern(route: string): RegExp {
  const segments = route.split('/').map((segment) => {
    const [, catchAll, name, constraint, optional] = /^\{(\*)?(\w+)(?::(\w+))?(\?)?\}$/.exec(segment) ?? [];
    if (name === undefined) return `/${segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`;
    if (catchAll) return `(?:/(?<${name}>.*))?`;
    const value = constraint === 'int' ? '\\d+' : '[^/]+';
    return optional ? `(?:/(?<${name}>${value}))?` : `/(?<${name}>${value})`;
  });
  return new RegExp(`^${segments.join('')}/?$`, 'i');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

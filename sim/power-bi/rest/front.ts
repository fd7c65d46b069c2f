/** The HTTP front: Power BI's REST API, and the live page with its feed. */
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { worldHttpServer } from '../../network/http-over-link.js';
import { linkOf } from '../../network/link.js';
import { authorised, type Grant } from '../core/access.js';
import type { PowerBiCore } from '../core/core.js';
import { serveThroughDoor } from '../core/door.js';
import { PowerBiError } from '../core/errors.js';
import { isApiPath, serveDatasets } from './datasets.js';
import { type FeedSource, serveFeed } from './feed.js';
import { isGroupPath, serveGroups } from './groups.js';
import { type Answer, answerOf, readBody, sendAnswer } from './http.js';
import { type Page, readPage, sendPageFile } from './page.js';
import { routeOf } from './routes.js';

export interface FrontOptions {
  readonly grants: readonly Grant[];
  /** Whose rows the live page shows. */
  readonly feed: FeedSource;
  /** For the heat map; none by default. */
  readonly plans?: readonly StorePlan[];
}

/** What the page draws of a store. Points are (x, y) in metres on the floor, y away from the lower wall. */
export interface StorePlan {
  readonly storeId: string;
  readonly widthMetres: number;
  readonly depthMetres: number;
  readonly sections: readonly {
    readonly id: string;
    readonly name: string;
    readonly area: readonly (readonly [number, number])[];
  }[];
  /** What shoppers react to, each in a section. */
  readonly displays: readonly { readonly id: string; readonly name: string; readonly section: string }[];
  readonly walls: readonly {
    readonly from: readonly [number, number];
    readonly to: readonly [number, number];
  }[];
}

const PLANS_PATH = '/dashboard/plans';
const STATUS_PATH = '/dashboard/status';
const FEED_PATH = '/dashboard/feed';
const PAGE_PATH = '/dashboard/';
const BASE = 'http://power-bi';

export class PowerBiFront {
  private readonly core: PowerBiCore;
  private readonly options: FrontOptions;
  private readonly servers = new Set<Server>();
  private page: Page | null = null;

  constructor(core: PowerBiCore, options: FrontOptions) {
    this.core = core;
    this.options = options;
  }

  /** A server for connections over links; it listens nowhere. */
  worldServer(): Server {
    return worldHttpServer(this.handle);
  }

  /** A server that does not listen yet. */
  server(): Server {
    return http.createServer(this.handle);
  }

  /** Listens on TCP in real time; resolves to the port. `port` 0 takes any that is free. */
  listen(port: number, host: string): Promise<number> {
    const server = this.server();
    this.servers.add(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
    });
  }

  /** Stops listening and hangs up on everyone. */
  async close(): Promise<void> {
    await Promise.all(
      [...this.servers].map((server) => {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        return closed;
      }),
    );
  }

  private readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    void this.serve(request, response).catch((error: unknown) => {
      if (error instanceof PowerBiError) sendAnswer(response, answerOf(error));
      // The client went away in the middle of its request, or of our answer.
      else response.destroy();
    });
  };

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = urlOf(request);
    const grant = this.admit(request, url);
    if (isApiPath(url.pathname)) return sendAnswer(response, await this.serveApi(request, url));
    if (grant === null) return this.servePage(url.pathname, response);
    switch (url.pathname) {
      case FEED_PATH:
        return serveFeed(this.core, this.options.feed, grant, request, response);
      case PLANS_PATH:
        return sendAnswer(response, { status: 200, body: { plans: this.plansFor(grant) } });
      case STATUS_PATH:
        return sendAnswer(response, { status: 200, body: { stages: this.core.figures() } });
    }
  }

  /** The one door: whatever is no listed route, or not for the caller's role, goes no further. Null: open to all. */
  private admit({ headers, method = 'GET' }: IncomingMessage, { pathname }: URL): Grant | null {
    const { grants } = this.options;
    const route = routeOf(method, pathname);
    if (route !== null && route !== 'other')
      return route.roles === null ? null : authorised(grants, headers.authorization, ...route.roles);
    if (isApiPath(pathname)) authorised(grants, headers.authorization, 'publisher');
    if (route === 'other' || (method !== 'GET' && !isApiPath(pathname)))
      throw new PowerBiError('MethodNotAllowed', `${method} is not supported here`);
    throw new PowerBiError('PowerBIEntityNotFound', `there is nothing at ${pathname}`);
  }

  private plansFor({ storeIds }: Grant): readonly StorePlan[] {
    const { plans = [] } = this.options;
    return plans.filter(({ storeId }) => storeIds === null || storeIds.includes(storeId));
  }

  private async serveApi(request: IncomingMessage, url: URL): Promise<Answer> {
    const { method = 'GET', socket } = request;
    const body = await readBody(request);
    const serve = isGroupPath(url.pathname) ? serveGroups : serveDatasets;
    return serveThroughDoor(this.core, linkOf(socket), body, (key) =>
      serve(this.core, { method, path: url.pathname, query: url.searchParams, body, key }),
    );
  }

  private servePage(path: string, response: ServerResponse): void {
    if (path === '/' || path === '/dashboard') {
      response.writeHead(302, { location: PAGE_PATH });
      response.end();
      return;
    }
    this.page ??= readPage();
    const file = this.page.get(path);
    if (!file) throw new PowerBiError('PowerBIEntityNotFound', `there is nothing at ${path}`);
    sendPageFile(response, file);
  }
}

function urlOf(request: IncomingMessage): URL {
  const url = URL.canParse(request.url ?? '', BASE) ? new URL(request.url ?? '', BASE) : null;
  if (!url) throw new PowerBiError('BadRequest', 'the request target is not a URL');
  return url;
}

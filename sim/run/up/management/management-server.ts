/** The HTTP front of the management of keys, in the shapes of Azure Resource Manager. */
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { authorised, type Grant, PowerBiError } from '../../../power-bi/index.js';
import { ManagementError } from './management-error.js';
import { type ManagedServices, OPERATIONS } from './operations.js';
import { managementRouteOf, type TakenRoute } from './routes.js';

/** Of a request's body, which names a key. */
const MAX_BODY_BYTES = 16_384;
const BASE = 'http://management';

/** A server that does not listen yet. */
export function managementServer(services: ManagedServices, grants: readonly Grant[]): Server {
  return http.createServer((request, response) => {
    answerTo(services, grants, request).then(
      (body) => send(response, 200, body),
      (error: unknown) => {
        const refusal = refusalOf(error);
        if (refusal === null) response.destroy();
        else send(response, refusal.status, { error: { code: refusal.code, message: refusal.message } });
      },
    );
  });
}

async function answerTo(
  services: ManagedServices,
  grants: readonly Grant[],
  request: IncomingMessage,
): Promise<object> {
  const target = request.url ?? '';
  if (!URL.canParse(target, BASE))
    throw new ManagementError(400, 'BadRequest', 'the request target is not a URL');
  const { pathname, searchParams } = new URL(target, BASE);
  const { names, route } = admit(grants, request, pathname);
  if (!searchParams.has('api-version'))
    throw new ManagementError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  return OPERATIONS[route.operation](services, { names, body: await bodyOf(request) });
}

/** The one door: who is not known, or not of a role that may, learns nothing of what is there. */
function admit(
  grants: readonly Grant[],
  { headers, method = '' }: IncomingMessage,
  path: string,
): TakenRoute {
  const taken = managementRouteOf(method, path);
  const roles = taken === null || taken === 'other' ? (['operator'] as const) : taken.route.roles;
  authorised(grants, headers.authorization, ...roles);
  if (taken === null) throw new ManagementError(404, 'InvalidResourceType', `there is nothing at ${path}`);
  if (taken !== 'other') return taken;
  throw new ManagementError(405, 'MethodNotAllowed', `${method} is not supported here; POST is`);
}

/** Rejects with `ManagementError` (413) beyond the limit. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_BODY_BYTES)
      throw new ManagementError(413, 'RequestEntityTooLarge', `expected at most ${MAX_BODY_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Null: the client went away. */
function refusalOf(error: unknown): ManagementError | null {
  if (error instanceof ManagementError) return error;
  if (!(error instanceof PowerBiError)) return null;
  const code = error.status === 401 ? 'AuthenticationFailed' : 'AuthorizationFailed';
  return new ManagementError(error.status, code, error.message);
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
  response.end(text);
}

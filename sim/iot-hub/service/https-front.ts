/** IoT Hub's REST API over HTTP(S): the service side, and what devices ask for over HTTPS. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { ConditionError } from '../../../pipeline/deployment/condition/tokens.js';
import { DeploymentError } from '../configurations/deployment.js';
import type { IotHub } from '../core.js';
import { RegistryError } from '../identities/registry.js';
import { CONFIGURATION_ROUTES } from './configuration-routes.js';
import { DEVICE_ROUTES } from './device-routes.js';
import { JOB_ROUTES } from './job-routes.js';
import { REGISTRY_ROUTES } from './registry-routes.js';
import type { ServiceReply } from './request.js';
import { metered, type Route, Router } from './route.js';
import { ServiceError } from './service-error.js';
import { TWIN_ROUTES } from './twin-routes.js';

/** Of a request: a deployment manifest may be large, a picture does not come this way. */
const MOST_BODY_BYTES = 1024 * 1024;

const ROUTES: readonly Route[] = [
  ...metered('registry', REGISTRY_ROUTES),
  ...TWIN_ROUTES,
  ...metered('configurations', CONFIGURATION_ROUTES),
  ...metered('jobs', JOB_ROUTES),
  ...DEVICE_ROUTES,
];

/** A listener for an HTTP(S) server. */
export function hubRestListener(hub: IotHub): RequestListener {
  const router = new Router(ROUTES);
  return (request, response) => {
    answer(hub, router, request)
      .catch((error: unknown) => failureReply(error))
      .then((reply) => send(hub, response, reply))
      .catch(() => response.destroy());
  };
}

async function answer(hub: IotHub, router: Router, incoming: IncomingMessage): Promise<ServiceReply> {
  const url = new URL(incoming.url ?? '/', 'https://hub');
  const body = await readBody(incoming);
  const match = router.find(incoming.method ?? 'GET', url.pathname);
  if (match === null)
    throw new ServiceError(404, 'NotFound', `${incoming.method} ${url.pathname} is nothing here`);
  const { route, path } = match;
  const { authorization } = incoming.headers;
  const problem =
    route.right === 'device'
      ? deviceProblem(hub, path.deviceId ?? '', authorization)
      : hub.policies.check(authorization, route.right, hub.services.clock.now());
  if (problem !== null) throw new ServiceError(401, 'IotHubUnauthorizedAccess', `unauthorized: ${problem}`);
  await waitForTurn(hub, route, url.pathname);
  return route.handle({ hub, path, query: url.searchParams, headers: incoming.headers, body });
}

/** 429 when the hub has no room for another operation of the kind within its patience. */
async function waitForTurn(hub: IotHub, { operation }: Route, key: string): Promise<void> {
  if (operation === undefined || (await hub.throttles.turn(operation, key))) return;
  throw new ServiceError(429, 'ThrottlingException', `more ${operation} than the hub's size takes`);
}

function deviceProblem(hub: IotHub, deviceId: string, authorization: string | undefined): string | null {
  const outcome = hub.authenticate(deviceId, authorization ?? '');
  return outcome.ok ? null : outcome.problem;
}

function failureReply(error: unknown): ServiceReply {
  const known = serviceErrorOf(error);
  if (known === null)
    return { status: 500, json: { Message: 'ErrorCode:ServerError', ExceptionMessage: '' } };
  const { errorCode, message, status } = known;
  return {
    status,
    json: { Message: `ErrorCode:${errorCode};${message}`, ExceptionMessage: '' },
    headers: { 'iothub-errorcode': errorCode },
  };
}

function serviceErrorOf(error: unknown): ServiceError | null {
  if (error instanceof ServiceError) return error;
  const isRefusal =
    error instanceof ConditionError ||
    error instanceof DeploymentError ||
    error instanceof RegistryError ||
    error instanceof URIError;
  return isRefusal ? new ServiceError(400, 'ArgumentInvalid', error.message) : null;
}

function send(hub: IotHub, response: ServerResponse, { status, json, bytes, headers }: ServiceReply): void {
  response.sendDate = false;
  response.statusCode = status;
  response.setHeader('Date', new Date(hub.services.clock.now()).toUTCString());
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  if (bytes !== undefined) response.end(bytes);
  else if (json === undefined) response.end();
  else {
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(json));
  }
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) {
      throw new ServiceError(413, 'MessageTooLarge', `a request may have ${MOST_BODY_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

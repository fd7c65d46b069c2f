/** IoT Hub's REST API over HTTP(S): the service side, and what devices ask for over HTTPS. */
import type { IncomingMessage, RequestListener } from 'node:http';
import { ConditionError } from '../../../pipeline/deployment/condition/tokens.js';
import { DeploymentError } from '../configurations/deployment.js';
import type { IotHub } from '../core.js';
import { RegistryError } from '../identities/registry.js';
import { CONFIGURATION_ROUTES } from './configuration-routes.js';
import { DEVICE_ROUTES } from './device-routes.js';
import { readBody, writeReply } from './exchange.js';
import { JOB_ROUTES } from './job-routes.js';
import { REGISTRY_JOB_ROUTES } from './registry-job-routes.js';
import { REGISTRY_ROUTES } from './registry-routes.js';
import type { ServiceReply } from './request.js';
import { metered, type Route, Router } from './route.js';
import { ServiceError } from './service-error.js';
import { TWIN_ROUTES } from './twin-routes.js';

/** All of them, for whoever must know that none is open. */
export const HUB_ROUTES: readonly Route[] = [
  ...metered('registry', REGISTRY_ROUTES),
  ...TWIN_ROUTES,
  ...metered('configurations', CONFIGURATION_ROUTES),
  ...metered('jobs', JOB_ROUTES),
  ...metered('registry', REGISTRY_JOB_ROUTES),
  ...DEVICE_ROUTES,
];

/** A listener for an HTTP(S) server. */
export function hubRestListener(hub: IotHub): RequestListener {
  const router = new Router(HUB_ROUTES);
  return (request, response) => {
    answer(hub, router, request)
      .catch((error: unknown) => failureReply(error))
      .then((reply) => writeReply(response, hub.services.clock.now(), reply))
      .catch(() => response.destroy());
  };
}

async function answer(hub: IotHub, router: Router<Route>, incoming: IncomingMessage): Promise<ServiceReply> {
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

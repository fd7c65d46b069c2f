/** Twins, queries over them, direct methods and messages to devices. */
import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import { nameOf } from '../identities/identity.js';
import type { MethodOutcome } from '../messages/methods.js';
import { isObject } from '../twins/twin-document.js';
import { parseTwinQuery, runTwinQuery } from '../twins/twin-query.js';
import { etagOf, viewOf } from '../twins/twin-view.js';
import { recordOf } from './registry-routes.js';
import { checkIfMatch, objectBody, type ServiceReply, type ServiceRequest, textHeader } from './request.js';
import { metered, type Route } from './route.js';
import { ServiceError } from './service-error.js';

const TWIN_PATHS = ['/twins/{deviceId}', '/twins/{deviceId}/modules/{moduleId}'] as const;
const MS_PER_SECOND = 1000;
/** "Understand and invoke direct methods": 5 to 300 seconds. */
const LEAST_METHOD_SECONDS = 5;
const MOST_METHOD_SECONDS = 300;
const DEFAULT_METHOD_SECONDS = 30;
const DEFAULT_PAGE = 100;

export const TWIN_ROUTES: readonly Route[] = [
  ...TWIN_PATHS.flatMap((path): readonly Route[] => [
    ...metered('twin-reads', [{ method: 'GET', path, right: 'ServiceConnect', handle: readTwin }]),
    ...metered('twin-updates', [
      { method: 'PATCH', path, right: 'ServiceConnect', handle: (request) => changeTwin(request, 'merge') },
      { method: 'PUT', path, right: 'ServiceConnect', handle: (request) => changeTwin(request, 'replace') },
    ]),
    { method: 'POST', path: `${path}/methods`, right: 'ServiceConnect', handle: invokeMethod },
  ]),
  {
    method: 'POST',
    path: '/devices/query',
    right: 'ServiceConnect',
    operation: 'queries',
    handle: queryTwins,
  },
];

function readTwin(request: ServiceRequest): ServiceReply {
  const record = recordOf(request);
  const view = viewOf(request.hub, record);
  return { status: 200, json: view, headers: { ETag: `"${String(view.etag)}"` } };
}

function changeTwin(request: ServiceRequest, how: 'merge' | 'replace'): ServiceReply {
  const { hub } = request;
  const name = nameOf(recordOf(request).identity);
  const body = objectBody(request);
  checkIfMatch(request, etagOf(hub.twins.get(name)));
  const properties = isObject(body.properties) ? body.properties : {};
  if (body.tags !== undefined) accept(hub.twins.changeTags(name, body.tags, how));
  if (properties.desired !== undefined) {
    const { desired } = properties;
    if (!isObject(desired))
      throw new ServiceError(400, 'ArgumentInvalid', 'properties.desired must be an object');
    accept(
      how === 'merge'
        ? hub.twins.patchDesired(name, desired)
        : hub.twins.replaceDesired(name, withoutMeta(desired)),
    );
  }
  return readTwin(request);
}

function withoutMeta(desired: Properties): Properties {
  return Object.fromEntries(Object.entries(desired).filter(([key]) => !key.startsWith('$')));
}

function accept(outcome: { readonly ok: true } | { readonly ok: false; readonly reason: string }): void {
  if (!outcome.ok) throw new ServiceError(400, 'ArgumentInvalid', outcome.reason);
}

async function invokeMethod(request: ServiceRequest): Promise<ServiceReply> {
  const record = recordOf(request);
  const {
    methodName,
    payload = null,
    responseTimeoutInSeconds = DEFAULT_METHOD_SECONDS,
  } = objectBody(request);
  if (typeof methodName !== 'string' || methodName === '') {
    throw new ServiceError(400, 'ArgumentInvalid', 'methodName must be a text that is not empty');
  }
  const seconds = Number(responseTimeoutInSeconds);
  if (!(seconds >= LEAST_METHOD_SECONDS && seconds <= MOST_METHOD_SECONDS)) {
    throw new ServiceError(
      400,
      'ArgumentInvalid',
      `responseTimeoutInSeconds must be ${LEAST_METHOD_SECONDS} to ${MOST_METHOD_SECONDS}`,
    );
  }
  const name = nameOf(record.identity);
  const outcome = await request.hub.invokeMethod(name, methodName, payload, seconds * MS_PER_SECOND);
  if (outcome.ok)
    return { status: 200, json: { status: outcome.answer.status, payload: outcome.answer.payload } };
  throw methodError(outcome);
}

function methodError({ status, reason }: Extract<MethodOutcome, { readonly ok: false }>): ServiceError {
  switch (status) {
    case 404:
      return new ServiceError(404, 'DeviceNotOnline', reason);
    case 413:
      return new ServiceError(413, 'MessageTooLarge', reason);
    case 504:
      return new ServiceError(504, 'GatewayTimeout', reason);
  }
}

/** Pages by `x-ms-max-item-count`; the continuation token is the place to go on from. */
function queryTwins(request: ServiceRequest): ServiceReply {
  const { query } = objectBody(request);
  if (typeof query !== 'string') throw new ServiceError(400, 'ArgumentInvalid', 'query must be a text');
  const parsed = parseTwinQuery(query);
  const rows = runTwinQuery(request.hub, parsed);
  const size = Number(textHeader(request, 'x-ms-max-item-count') ?? DEFAULT_PAGE) || DEFAULT_PAGE;
  const from = Number(textHeader(request, 'x-ms-continuation') ?? 0) || 0;
  const next = from + size;
  return {
    status: 200,
    json: rows.slice(from, next) as readonly Json[],
    headers: {
      'x-ms-item-type': parsed.columns === null ? 'Twin' : 'Raw',
      ...(next < rows.length ? { 'x-ms-continuation': String(next) } : {}),
    },
  };
}

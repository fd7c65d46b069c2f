/** The service API of DPS over HTTP(S): enrolments one by one and in bulk, queries, keys, and registrations. */
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import { parseCondition } from '../../../pipeline/deployment/condition/condition.js';
import { ConditionError } from '../../../pipeline/deployment/condition/tokens.js';
import { checkSasToken, parseSasToken } from '../identities/sas-token.js';
import { readBody, writeReply } from '../service/exchange.js';
import {
  checkIfMatch,
  objectBody,
  pathPart,
  type RestRequest,
  type ServiceReply,
  textHeader,
} from '../service/request.js';
import { type Place, Router } from '../service/route.js';
import { ServiceError } from '../service/service-error.js';
import { isObject } from '../twins/twin-document.js';
import { matches } from '../twins/twin-query.js';
import {
  attestationDocument,
  enrollmentDocument,
  enrollmentOf,
  registrationDocument,
  registrationEtag,
} from './enrollment-document.js';
import type { EnrollmentKind, EnrollmentRecord } from './enrollment-store.js';
import type { ProvisioningService, Registration } from './provisioning.js';

/** Who may use the API: the policy that every provisioning service has from the start. */
export interface ServiceAccess {
  readonly hostName: string;
  readonly policyName: string;
  /** Base64. */
  readonly key: string;
}

interface DpsRequest extends RestRequest {
  readonly service: ProvisioningService;
}

interface Route extends Place {
  readonly handle: (request: DpsRequest) => ServiceReply;
}

const KEY_BYTES = 32;
const DEFAULT_PAGE = 100;

const ROUTES: readonly Route[] = [
  ...enrollmentRoutes('individual', '/enrollments'),
  ...enrollmentRoutes('group', '/enrollmentGroups'),
  { method: 'POST', path: '/enrollments', handle: bulk },
  { method: 'GET', path: '/registrations/{id}', handle: readRegistration },
  { method: 'DELETE', path: '/registrations/{id}', handle: removeRegistration },
  { method: 'POST', path: '/registrations/{id}/query', handle: queryRegistrations },
];

/** `HostName=…;SharedAccessKeyName=…;SharedAccessKey=…`, as the service SDKs take it. */
export function serviceConnectionString({ hostName, key, policyName }: ServiceAccess): string {
  return `HostName=${hostName};SharedAccessKeyName=${policyName};SharedAccessKey=${key}`;
}

/** A listener for an HTTP(S) server. */
export function dpsServiceListener(service: ProvisioningService, access: ServiceAccess): RequestListener {
  const router = new Router(ROUTES);
  return (request, response) => {
    answer(service, access, router, request)
      .catch((error: unknown) => failureReply(service, error))
      .then((reply) => writeReply(response, service.services.clock.now(), reply))
      .catch(() => response.destroy());
  };
}

async function answer(
  service: ProvisioningService,
  access: ServiceAccess,
  router: Router<Route>,
  incoming: IncomingMessage,
): Promise<ServiceReply> {
  const url = new URL(incoming.url ?? '/', 'https://dps');
  const body = await readBody(incoming);
  const match = router.find(incoming.method ?? 'GET', url.pathname);
  if (match === null)
    throw new ServiceError(404, 'NotFound', `${incoming.method} ${url.pathname} is nothing here`);
  const problem = accessProblem(access, incoming.headers.authorization, service.services.clock.now());
  if (problem !== null) throw new ServiceError(401, 'Unauthorized', `unauthorized: ${problem}`);
  const { headers } = incoming;
  return match.route.handle({ service, path: match.path, query: url.searchParams, headers, body });
}

function accessProblem(
  { hostName, key, policyName }: ServiceAccess,
  authorization: string | undefined,
  nowMs: number,
): string | null {
  const token = parseSasToken(authorization ?? '');
  if (token === null) return 'no-token';
  return token.policyName === policyName ? checkSasToken(token, hostName, [key], nowMs) : 'no-such-policy';
}

function failureReply({ services }: ProvisioningService, error: unknown): ServiceReply {
  const { message, status } =
    error instanceof ServiceError
      ? error
      : error instanceof ConditionError || error instanceof RangeError || error instanceof URIError
        ? new ServiceError(400, 'ArgumentInvalid', error.message)
        : new ServiceError(500, 'ServerError', 'the service failed');
  const timestampUtc = new Date(services.clock.now()).toISOString();
  // "errorCode": the status followed by three digits.
  return { status, json: { errorCode: status * 1000, trackingId: '', message, timestampUtc } };
}

function enrollmentRoutes(kind: EnrollmentKind, path: string): readonly Route[] {
  return [
    { method: 'PUT', path: `${path}/{id}`, handle: (request) => put(kind, request) },
    {
      method: 'GET',
      path: `${path}/{id}`,
      handle: (request) => ({ status: 200, json: enrollmentDocument(recordOf(kind, request)) }),
    },
    { method: 'DELETE', path: `${path}/{id}`, handle: (request) => remove(kind, request) },
    {
      method: 'POST',
      path: `${path}/{id}/attestationmechanism`,
      handle: (request) => ({
        status: 200,
        json: attestationDocument(recordOf(kind, request).enrollment.attestation, true),
      }),
    },
    { method: 'POST', path: `${path}/query`, handle: (request) => queryEnrollments(kind, request) },
  ];
}

function recordOf(kind: EnrollmentKind, request: DpsRequest): EnrollmentRecord {
  const id = pathPart(request, 'id');
  const record = request.service.enrollments.find(kind, id);
  if (record !== undefined) return record;
  throw new ServiceError(404, 'NotFound', `there is no enrolment '${id}'`);
}

/** Creates; with the ETag of one that is there, or `*`, replaces it. */
function put(kind: EnrollmentKind, request: DpsRequest): ServiceReply {
  const { service } = request;
  const id = pathPart(request, 'id');
  if (textHeader(request, 'if-match') !== null) checkIfMatch(request, recordOf(kind, request).etag);
  else if (service.enrollments.find(kind, id) !== undefined) {
    throw new ServiceError(
      409,
      'Conflict',
      `there is an enrolment '${id}' already; give its ETag to change it`,
    );
  }
  return { status: 200, json: enrollmentDocument(enroll(service, kind, id, objectBody(request))) };
}

function remove(kind: EnrollmentKind, request: DpsRequest): ServiceReply {
  checkIfMatch(request, recordOf(kind, request).etag);
  request.service.enrollments.remove(kind, pathPart(request, 'id'));
  return { status: 204 };
}

function enroll(
  service: ProvisioningService,
  kind: EnrollmentKind,
  id: string,
  document: Properties,
): EnrollmentRecord {
  const known = service.enrollments.find(kind, id)?.enrollment.attestation;
  return service.enroll(
    enrollmentOf(kind, id, document, () => {
      // An update that leaves the keys out, as answers do, keeps them.
      if (known?.kind === 'symmetricKey') return known.keys;
      const stream = service.services.rng(`dps/keys/${kind}/${id}`);
      const key = () => Buffer.from(stream.bytes(KEY_BYTES)).toString('base64');
      return { primary: key(), secondary: key() };
    }),
  );
}

const BULK_MODES = ['create', 'update', 'updateIfMatchEtag', 'delete'] as const;

/** Each on its own: what fails is told, the rest is done. */
function bulk(request: DpsRequest): ServiceReply {
  const { enrollments, mode } = objectBody(request);
  const known = BULK_MODES.find((each) => each === mode);
  if (known === undefined || !Array.isArray(enrollments)) {
    throw new ServiceError(
      400,
      'ArgumentInvalid',
      `a bulk operation has enrollments and a mode: ${BULK_MODES.join(', ')}`,
    );
  }
  const errors = (enrollments as readonly Json[]).flatMap((document) => {
    const id = isObject(document) ? String(document.registrationId ?? '') : '';
    try {
      bulkOne(request.service, known, id, isObject(document) ? document : {});
      return [];
    } catch (error) {
      if (!(error instanceof ServiceError) && !(error instanceof RangeError)) throw error;
      const status = error instanceof ServiceError ? error.status : 400;
      return [{ registrationId: id, errorCode: status * 1000, errorStatus: error.message }];
    }
  });
  return { status: 200, json: { isSuccessful: errors.length === 0, errors } };
}

function bulkOne(
  service: ProvisioningService,
  mode: (typeof BULK_MODES)[number],
  id: string,
  document: Properties,
): void {
  const known = service.enrollments.find('individual', id);
  if (mode === 'create') {
    if (known !== undefined) throw new ServiceError(409, 'Conflict', `there is an enrolment '${id}' already`);
  } else if (known === undefined) throw new ServiceError(404, 'NotFound', `there is no enrolment '${id}'`);
  if (mode === 'updateIfMatchEtag' && document.etag !== known?.etag) {
    throw new ServiceError(412, 'PreconditionFailed', `the ETag is "${known?.etag}" now`);
  }
  if (mode === 'delete') service.enrollments.remove('individual', id);
  else enroll(service, 'individual', id, document);
}

function queryEnrollments(kind: EnrollmentKind, request: DpsRequest): ServiceReply {
  return page(request, request.service.enrollments.list(kind).map(enrollmentDocument));
}

/** Of the devices that a group brought. */
function queryRegistrations(request: DpsRequest): ServiceReply {
  const groupId = pathPart(request, 'id');
  const registrations = request.service.assigned.filter((each) => each.groupId === groupId);
  return page(request, registrations.map(registrationDocument));
}

const QUERY = /^\s*select\s+\*(?:\s+from\s+\w+)?(?:\s+where\s+(.+))?\s*$/i;

/** The rows that the request's query takes, page by page; the continuation token is the place to go on from. */
function page(request: DpsRequest, rows: readonly Properties[]): ServiceReply {
  const text = String(objectBody(request).query ?? '');
  const query = QUERY.exec(text);
  if (query === null) {
    throw new ServiceError(400, 'ArgumentInvalid', `expected SELECT * FROM … WHERE …, not '${text}'`);
  }
  const condition = query[1] === undefined ? null : parseCondition(query[1]);
  const taken = rows.filter((row) => matches(condition, row));
  const size = Number(textHeader(request, 'x-ms-max-item-count') ?? DEFAULT_PAGE) || DEFAULT_PAGE;
  const from = Number(textHeader(request, 'x-ms-continuation') ?? 0) || 0;
  const next = from + size;
  const more: Record<string, string> = next < taken.length ? { 'x-ms-continuation': String(next) } : {};
  return { status: 200, json: taken.slice(from, next), headers: more };
}

function readRegistration(request: DpsRequest): ServiceReply {
  return { status: 200, json: registrationDocument(registrationOf(request)) };
}

function removeRegistration(request: DpsRequest): ServiceReply {
  const registration = registrationOf(request);
  checkIfMatch(request, registrationEtag(registration));
  request.service.forget(registration.registrationId);
  return { status: 204 };
}

function registrationOf(request: DpsRequest): Registration {
  const id = pathPart(request, 'id');
  const registration = request.service.registration(id);
  if (registration !== undefined) return registration;
  throw new ServiceError(404, 'NotFound', `no device has registered as '${id}'`);
}

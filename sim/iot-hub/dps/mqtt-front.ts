/** DPS over MQTT ("Communicate with your DPS using the MQTT protocol"). */
import type { Duplex } from 'node:stream';
import { Aedes, type AedesOptions, type Client } from 'aedes';
import type { Properties } from '../../../pipeline/camera-module/hub-connection.js';
import { certificateOf } from '../client-certificate.js';
import { parsePropertyBag } from '../mqtt-topics.js';
import { type OperationState, type ProvisioningService, RETRY_AFTER_SECONDS } from './provisioning.js';

export interface DpsFront {
  handle(connection: Duplex): void;
  close(): Promise<void>;
}

const NOT_AUTHORIZED = 5;
const RESPONSES = '$dps/registrations/res/#';
/** aedes looks after other brokers at this interval; there are none. */
const NEVER_MS = Math.floor((2 ** 31 - 1) / 4);

type Attested = NonNullable<ReturnType<ProvisioningService['authenticate']>>;

interface Registrant {
  readonly registrationId: string;
  readonly attested: Attested;
}

interface Reply {
  readonly status: number;
  readonly body: Properties;
}

export async function openDpsFront(service: ProvisioningService): Promise<DpsFront> {
  const registrants = new WeakMap<Client, Registrant>();
  const broker = await Aedes.createBroker({
    id: 'dps',
    heartbeatInterval: NEVER_MS,
    preConnect(_client, packet, done) {
      packet.clean = true;
      done(null, true);
    },
    authenticate(client, username, password, done) {
      const registrationId = registrationIn(username, service.idScope);
      const credential = {
        password: password?.toString() ?? '',
        certificate: certificateOf(client.conn),
      };
      const attested =
        registrationId === null || registrationId !== client.id
          ? null
          : service.authenticate(registrationId, credential);
      if (registrationId === null || attested === null) {
        return done(Object.assign(new Error('not enrolled'), { returnCode: NOT_AUTHORIZED }), false);
      }
      registrants.set(client, { registrationId, attested });
      done(null, true);
    },
    authorizeSubscribe: (_client, subscription, done) =>
      done(null, subscription.topic === RESPONSES ? subscription : null),
    authorizePublish(client, packet, done) {
      const registrant = client && registrants.get(client);
      const request = readRequest(packet);
      if (!client || !registrant || request === null) return done(new Error('not a request of DPS'));
      const { body, status } = answer(service, registrant, request);
      const retry = status === 202 ? `&retry-after=${RETRY_AFTER_SECONDS}` : '';
      const topic = `$dps/registrations/res/${status}/?$rid=${request.requestId}${retry}`;
      const payload = Buffer.from(JSON.stringify(body));
      client.publish({ cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false }, () => {});
      done(null);
    },
  });
  return {
    handle: (connection) => void broker.handle(connection),
    close: () => new Promise((resolve) => broker.close(() => resolve())),
  };
}

/** `{idScope}/registrations/{registrationId}/api-version=…`. */
function registrationIn(username: string | undefined, idScope: string): string | null {
  const [scope, what, registrationId, version] = (username ?? '').split('/');
  const isValid = scope === idScope && what === 'registrations' && version?.startsWith('api-version=');
  return isValid && registrationId ? registrationId : null;
}

interface DpsRequest {
  readonly kind: 'register' | 'status';
  readonly requestId: string;
  readonly operationId: string;
}

function readRequest({
  topic,
}: Parameters<NonNullable<AedesOptions['authorizePublish']>>[1]): DpsRequest | null {
  const match = /^\$dps\/registrations\/(PUT\/iotdps-register|GET\/iotdps-get-operationstatus)\/\?(.*)$/.exec(
    topic,
  );
  const properties = match && parsePropertyBag(match[2] ?? '')?.properties;
  const requestId = properties?.$rid;
  if (match === null || requestId === undefined) return null;
  const kind = match[1] === 'PUT/iotdps-register' ? 'register' : 'status';
  return { kind, requestId, operationId: properties?.operationId ?? '' };
}

function answer(
  service: ProvisioningService,
  { registrationId, attested }: Registrant,
  request: DpsRequest,
): Reply {
  const operationId =
    request.kind === 'register' ? service.register(registrationId, attested) : request.operationId;
  const state = service.operation(registrationId, operationId);
  if (state === undefined) {
    return { status: 404, body: { errorCode: 404_201, message: `there is no operation '${operationId}'` } };
  }
  if (state.status === 'assigning') return { status: 202, body: { operationId, status: 'assigning' } };
  return {
    status: 200,
    body: { operationId, status: state.status, registrationState: stateDocument(registrationId, state) },
  };
}

function stateDocument(
  registrationId: string,
  state: Exclude<OperationState, { readonly status: 'assigning' }>,
): Properties {
  if (state.status !== 'assigned') {
    return { registrationId, status: state.status, errorCode: 400_000, errorMessage: state.reason };
  }
  const { assignedHub, createdAtMs, deviceId, substatus, updatedAtMs } = state.registration;
  return {
    registrationId,
    createdDateTimeUtc: new Date(createdAtMs).toISOString(),
    lastUpdatedDateTimeUtc: new Date(updatedAtMs).toISOString(),
    assignedHub,
    deviceId,
    status: 'assigned',
    substatus,
    etag: Buffer.from(String(updatedAtMs)).toString('base64'),
  };
}

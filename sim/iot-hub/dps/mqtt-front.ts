/** DPS over MQTT ("Communicate with your DPS using the MQTT protocol"). */
import type { Duplex } from 'node:stream';
import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import {
  CONNACK,
  type ConnectionOwner,
  type ConnectReply,
  type MqttConnect,
  ServerConnection,
  SUBSCRIPTION_REFUSED,
} from '../../network/mqtt/server-connection.js';
import { certificateOf } from '../identities/client-certificate.js';
import { parsePropertyBag } from '../mqtt/mqtt-topics.js';
import { isObject } from '../twins/twin-document.js';
import { registrationDocument } from './enrollment-document.js';
import { type OperationState, type ProvisioningService, RETRY_AFTER_SECONDS } from './provisioning.js';

export interface DpsFront {
  handle(connection: Duplex): void;
  close(): Promise<void>;
}

const RESPONSES = '$dps/registrations/res/#';
/** Registrations are small. */
const MAX_PACKET_BYTES = 65_536;
/** "DPS limits the maximum server-side timeout", as all services behind the same load balancer. */
const MAX_SILENCE_MS = 1_767_000;

type Attested = NonNullable<ReturnType<ProvisioningService['authenticate']>>;

interface Registrant {
  readonly registrationId: string;
  readonly attested: Attested;
}

interface Reply {
  readonly status: number;
  readonly body: Properties;
}

export function openDpsFront(service: ProvisioningService): DpsFront {
  const open = new Set<ServerConnection>();
  return {
    handle(socket) {
      const connection: ServerConnection = new ServerConnection(socket, {
        clock: service.services.clock,
        maxPacketBytes: MAX_PACKET_BYTES,
        maxSilenceMs: MAX_SILENCE_MS,
        connect: async (_connection, packet) => connect(service, connection, packet),
      });
      open.add(connection);
      socket.once('close', () => open.delete(connection));
    },
    async close() {
      for (const connection of open) connection.end();
    },
  };
}

function connect(
  service: ProvisioningService,
  connection: ServerConnection,
  { clientId, password, username }: MqttConnect,
): ConnectReply {
  const registrationId = registrationIn(username, service.idScope);
  const credential = { password, certificate: certificateOf(connection.socket) };
  const attested =
    registrationId === null || registrationId !== clientId
      ? null
      : service.authenticate(registrationId, credential);
  if (registrationId === null || attested === null) return { ok: false, returnCode: CONNACK.notAuthorized };
  const open = () => ownerFor(service, connection, { registrationId, attested });
  return { ok: true, isSessionPresent: false, open };
}

function ownerFor(
  service: ProvisioningService,
  connection: ServerConnection,
  registrant: Registrant,
): ConnectionOwner {
  return {
    publish({ payload, topic }, acknowledge) {
      const request = readRequest(topic);
      if (request === null) return connection.end();
      acknowledge();
      const { body, status } = answer(service, registrant, request, payloadIn(payload));
      const retry = status === 202 ? `&retry-after=${RETRY_AFTER_SECONDS}` : '';
      const reply = `$dps/registrations/res/${status}/?$rid=${request.requestId}${retry}`;
      connection.publish(reply, Buffer.from(JSON.stringify(body)), 0);
    },
    acknowledged: () => {},
    subscribe: (subscriptions) => ({
      granted: subscriptions.map(({ filter, qos }) =>
        filter === RESPONSES ? Math.min(qos, 1) : SUBSCRIPTION_REFUSED,
      ),
      afterwards: () => {},
    }),
    unsubscribe: () => {},
    closed: () => {},
  };
}

/** `{idScope}/registrations/{registrationId}/api-version=…`. */
function registrationIn(username: string, idScope: string): string | null {
  const [scope, what, registrationId, version] = username.split('/');
  const isValid = scope === idScope && what === 'registrations' && version?.startsWith('api-version=');
  return isValid && registrationId ? registrationId : null;
}

interface DpsRequest {
  readonly kind: 'register' | 'status';
  readonly requestId: string;
  readonly operationId: string;
}

function readRequest(topic: string): DpsRequest | null {
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
  payload: Json,
): Reply {
  const operationId =
    request.kind === 'register' ? service.register(registrationId, attested, payload) : request.operationId;
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

/** `{ registrationId, payload }`, or nothing at all. */
function payloadIn(body: Uint8Array): Json {
  try {
    const read = JSON.parse(Buffer.from(body).toString()) as Json;
    return isObject(read) ? (read.payload ?? null) : null;
  } catch {
    return null;
  }
}

function stateDocument(
  registrationId: string,
  state: Exclude<OperationState, { readonly status: 'assigning' }>,
): Properties {
  if (state.status !== 'assigned') {
    return { registrationId, status: state.status, errorCode: 400_000, errorMessage: state.reason };
  }
  return registrationDocument(state.registration);
}

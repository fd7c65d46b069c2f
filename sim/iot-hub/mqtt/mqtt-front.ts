/** IoT Hub's MQTT 3.1.1 front ("Communicate with an IoT hub using the MQTT protocol"). */
import type { Duplex } from 'node:stream';
import type { Timer } from '../../kernel/services.js';
import { type Link, linkOf } from '../../network/index.js';
import {
  CONNACK,
  type ConnectReply,
  type MqttConnect,
  ServerConnection,
} from '../../network/mqtt/server-connection.js';
import type { Authentication, IotHub } from '../core.js';
import { certificateOf } from '../identities/client-certificate.js';
import { withoutPort } from '../identities/identity.js';
import { MAX_TELEMETRY_BYTES } from '../limits/limits.js';
import { MqttDevice } from './mqtt-device.js';

export interface MqttFront {
  /** Serves one connection: an end of an in-memory link, or a TCP, TLS or WebSocket stream. */
  handle(connection: Duplex, link?: Link): void;
  close(): Promise<void>;
}

/** A topic has 64 KB at most, beside the largest message. */
const MAX_PACKET_BYTES = MAX_TELEMETRY_BYTES + 65_536;
/** "IoT Hub limits the maximum server-side timeout to 29.45 minutes (1767 seconds)." */
const MAX_SILENCE_MS = 1_767_000;
/** A timer can hold no more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export function openMqttFront(hub: IotHub): MqttFront {
  const open = new Set<ServerConnection>();
  const { clock } = hub.services;

  async function connect(
    connection: ServerConnection,
    link: Link | undefined,
    { clientId, isClean, password, username }: MqttConnect,
  ): Promise<ConnectReply> {
    const name = nameIn(username, hub.settings.hostName);
    if (name === null || name !== clientId) return { ok: false, returnCode: CONNACK.notAuthorized };
    const outcome = authenticate(hub, name, password, connection.socket);
    if (!outcome.ok) return { ok: false, returnCode: CONNACK.notAuthorized };
    const isAdmitted = await hub.admitConnection(name);
    if (!isAdmitted || connection.socket.destroyed) return { ok: false, returnCode: CONNACK.unavailable };
    const isSessionPresent = !isClean && hub.connections.hasKept(name);
    const { expiresAtMs, method, record } = outcome;
    const settings = { record, method, isPersistent: !isClean };
    const open = () => {
      const device = new MqttDevice(hub, connection, settings, link);
      if (expiresAtMs !== null) endAt(expiresAtMs, device);
      device.resume();
      return device;
    };
    return { ok: true, isSessionPresent, open };
  }

  /** A connection lasts no longer than the token that opened it. */
  function endAt(expiresAtMs: number, device: MqttDevice): void {
    const check = (): Timer | null => {
      const leftMs = expiresAtMs - clock.now();
      if (leftMs > 0) return clock.after(Math.min(leftMs, MAX_TIMER_MS), () => device.watchToken(check()));
      device.expire();
      return null;
    };
    device.watchToken(check());
  }

  return {
    handle(socket, link = linkOf(socket)) {
      const connection: ServerConnection = new ServerConnection(socket, {
        clock,
        maxPacketBytes: MAX_PACKET_BYTES,
        maxSilenceMs: MAX_SILENCE_MS,
        connect: (_connection, packet) => connect(connection, link, packet),
      });
      open.add(connection);
      socket.once('close', () => open.delete(connection));
    },
    async close() {
      for (const connection of open) connection.end();
    },
  };
}

function authenticate(hub: IotHub, name: string, password: string, connection: Duplex): Authentication {
  const certificate = password === '' ? certificateOf(connection) : null;
  return certificate === null
    ? hub.authenticate(name, password)
    : hub.authenticateCertificate(name, certificate);
}

/**
 * The identity in a user name of the form `{host}/{device}[/{module}]/?api-version=…`; null when it is none. "It's
 * recommended to include api-version", so it may be missing.
 */
function nameIn(username: string, hostName: string): string | null {
  const match = /^([^/]+)\/([^/?]+(?:\/[^/?]+)?)(?:\/?|\/\?.*)$/.exec(username);
  if (match === null) return null;
  const [, host = '', name = ''] = match;
  return withoutPort(host.toLowerCase()) === withoutPort(hostName.toLowerCase()) ? name : null;
}

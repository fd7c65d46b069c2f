/**
 * IoT Hub on TLS: MQTT on one port, AMQP on another; REST, and MQTT and AMQP over WebSockets, on a third, as they share
 * 443 in Azure.
 */
import type { RequestListener } from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { BuiltInAddress } from '../../iot-hub/amqp/connection.js';
import { HubAmqpFront } from '../../iot-hub/amqp/front.js';
import type { IotHub } from '../../iot-hub/index.js';
import { openMqttFront } from '../../iot-hub/mqtt/mqtt-front.js';
import { hubRestListener } from '../../iot-hub/service/https-front.js';
import type { ServerCertificate } from './certificates.js';
import { beforeFirstByte } from './either-port.js';
import { listenAt } from './ports.js';

/** None of them is a path of the hub's. */
const DPS_PATHS = /^\/(?:enrollments|enrollmentGroups|registrations)(?:[/?]|$)/i;
const WEBSOCKET_PATH = '/$iothub/websocket';
/** The first byte of every MQTT connection: the packet type CONNECT (MQTT 3.1.1, 3.1.1). */
const MQTT_CONNECT = 0x10;
/** The protocols that clients offer on it, the one they would rather speak first. */
const SUBPROTOCOLS = ['mqtt', 'AMQPWSB10'];

export interface TlsServers {
  readonly mqtt: tls.Server;
  readonly https: https.Server;
  readonly amqp: tls.Server;
  readonly mqttPort: number;
  readonly httpsPort: number;
  readonly amqpPort: number;
}

/** Listens before there is a hub: its host name may hold the port. `trustedPem` may sign devices' certificates. */
export async function listenForHub(
  { chainPem, keyPem }: ServerCertificate,
  trustedPem: readonly string[],
  portBase: number,
): Promise<TlsServers> {
  const credentials = { cert: chainPem, key: keyPem };
  // Devices may present certificates; whether they prove anything is the hub's to say.
  const forDevices = { ...credentials, ca: [...trustedPem], requestCert: true, rejectUnauthorized: false };
  const mqtt = tls.createServer(forDevices);
  const web = https.createServer(credentials);
  const amqp = tls.createServer({ ...forDevices, noDelay: true });
  const servers = { mqtt, https: web, amqp };
  try {
    const mqttPort = await listenAt(mqtt, 'mqtt', portBase);
    const httpsPort = await listenAt(web, 'https', portBase);
    return { ...servers, mqttPort, httpsPort, amqpPort: await listenAt(amqp, 'amqp', portBase) };
  } catch (error) {
    for (const server of Object.values(servers)) server.close();
    throw error;
  }
}

export interface HubServers {
  close(): Promise<void>;
}

/**
 * `builtIn`: where the built-in endpoint is. `dps`: the service API of device provisioning, which has a host of its own
 * in Azure, and here the hub's port beside the hub's paths; without one they are the hub's, too, who knows nothing there.
 */
export function serveHub(
  hub: IotHub,
  servers: TlsServers,
  builtIn: BuiltInAddress,
  dps: RequestListener = hubRestListener(hub),
): HubServers {
  const mqtt = openMqttFront(hub);
  const amqp = new HubAmqpFront(hub, builtIn);
  const sockets = new Set<tls.TLSSocket>();
  const serve = (server: tls.Server, handle: (socket: tls.TLSSocket) => void) => {
    server.on('secureConnection', (socket) => {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.once('close', () => sockets.delete(socket));
      handle(socket);
    });
    // A client that breaks the handshake off harms nobody but itself.
    server.on('tlsClientError', () => {});
  };
  // Connection strings name one port, and back ends take it for REST, as in Azure all ports are those of one host.
  serve(servers.mqtt, (socket) =>
    beforeFirstByte(socket, (first) => {
      if (first === MQTT_CONNECT) mqtt.handle(socket);
      else servers.https.emit('secureConnection', socket);
    }),
  );
  serve(servers.amqp, (socket) => amqp.handle(socket));
  servers.https.on('tlsClientError', () => {});
  const rest = hubRestListener(hub);
  servers.https.on('request', (request, response) => {
    const listener = DPS_PATHS.test(request.url ?? '') ? dps : rest;
    listener(request, response);
  });
  const webSockets = new WebSocketServer({
    server: servers.https,
    path: WEBSOCKET_PATH,
    handleProtocols: (offered) => [...offered].find((protocol) => SUBPROTOCOLS.includes(protocol)) ?? false,
  });
  webSockets.on('connection', (socket) => {
    const front = socket.protocol === 'mqtt' ? mqtt : amqp;
    front.handle(createWebSocketStream(socket));
  });
  return {
    async close() {
      await mqtt.close();
      amqp.close();
      for (const socket of sockets) socket.destroy();
      for (const socket of webSockets.clients) socket.terminate();
      servers.https.closeAllConnections();
      await Promise.all([servers.mqtt, servers.https, servers.amqp].map(closed));
    },
  };
}

function closed(server: tls.Server | https.Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

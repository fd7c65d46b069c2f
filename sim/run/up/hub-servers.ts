/** IoT Hub on TLS: MQTT on one port; REST and MQTT over WebSockets on another, as both share 443 in Azure. */
import https from 'node:https';
import tls from 'node:tls';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { IotHub } from '../../iot-hub/index.js';
import { openMqttFront } from '../../iot-hub/mqtt-front.js';
import { hubRestListener } from '../../iot-hub/service/https-front.js';
import type { ServerCertificate } from './certificates.js';
import { listenAt } from './ports.js';

const WEBSOCKET_PATH = '/$iothub/websocket';

export interface TlsServers {
  readonly mqtt: tls.Server;
  readonly https: https.Server;
  readonly mqttPort: number;
  readonly httpsPort: number;
}

/** Listens before there is a hub: its host name may hold the port. */
export async function listenForHub(
  { caPem, chainPem, keyPem }: ServerCertificate,
  portBase: number,
): Promise<TlsServers> {
  const credentials = { cert: chainPem, key: keyPem };
  // Devices may present certificates; whether they prove anything is the hub's to say.
  const mqtt = tls.createServer({ ...credentials, ca: caPem, requestCert: true, rejectUnauthorized: false });
  const web = https.createServer(credentials);
  const mqttPort = await listenAt(mqtt, 'mqtt', portBase);
  try {
    return { mqtt, https: web, mqttPort, httpsPort: await listenAt(web, 'https', portBase) };
  } catch (error) {
    mqtt.close();
    throw error;
  }
}

export interface HubServers {
  close(): Promise<void>;
}

export async function serveHub(hub: IotHub, servers: TlsServers): Promise<HubServers> {
  const front = await openMqttFront(hub);
  const sockets = new Set<tls.TLSSocket>();
  servers.mqtt.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.once('close', () => sockets.delete(socket));
    front.handle(socket);
  });
  // A client that breaks the handshake off harms nobody but itself.
  servers.mqtt.on('tlsClientError', () => {});
  servers.https.on('tlsClientError', () => {});
  servers.https.on('request', hubRestListener(hub));
  const webSockets = new WebSocketServer({
    server: servers.https,
    path: WEBSOCKET_PATH,
    handleProtocols: (protocols) => (protocols.has('mqtt') ? 'mqtt' : false),
  });
  webSockets.on('connection', (socket) => front.handle(createWebSocketStream(socket)));
  return {
    async close() {
      await front.close();
      for (const socket of sockets) socket.destroy();
      for (const socket of webSockets.clients) socket.terminate();
      servers.https.closeAllConnections();
      await Promise.all([closed(servers.mqtt), closed(servers.https)]);
    },
  };
}

function closed(server: tls.Server | https.Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

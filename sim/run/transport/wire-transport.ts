/**
 * The `wire` fidelity: the official SDKs and real protocols (MQTT, AMQP, HTTP) over links in memory. Import it
 * only after the kernel is open, since the SDKs keep references to time and randomness.
 */
import type http from 'node:http';
import type { Duplex } from 'node:stream';
import { httpFaceExchange } from '../../../pipeline/analyze-faces/face-client/http-exchange.js';
import { openBlobPictureStore } from '../../../pipeline/camera-module/blob-picture-store.js';
import { SdkHubConnection, warmUpSdk } from '../../../pipeline/camera-module/sdk-hub-connection.js';
import { openSdkBlobClient } from '../../blob-storage/client/sdk-client.js';
import { connectionString } from '../../event-hubs/connection-string.js';
import { wireProducer, wireSource } from '../../event-hubs/wire-client.js';
import { openMqttFront } from '../../iot-hub/mqtt/mqtt-front.js';
import { connectOrFail, httpAgentOver, type Link, webSocketOver } from '../../network/index.js';
import { wireSink } from '../../power-bi/wire-client.js';
import type { WorldServices } from '../world/services-of-a-world.js';
import { parseBlobUrl } from './blob-url.js';
import { PUBLISHER, type WorldFronts } from './fronts.js';
import type { Transport } from './transport.js';

export async function wireTransport(
  services: WorldServices,
  { amqp, blobServer, faceServer, powerBiServer }: WorldFronts,
): Promise<Transport> {
  const { eventHubs, iotHub, links } = services;
  await warmUpSdk();
  const mqtt = openMqttFront(iotHub);

  const agents = new Map<Link, http.Agent>();
  const blobAgent = (link: Link): http.Agent => {
    const known = agents.get(link) ?? httpAgentOver(link, blobServer);
    agents.set(link, known);
    return known;
  };
  const eventHubsOver = (link: Link) => ({
    connectionString: connectionString(eventHubs),
    webSocket: webSocketOver(link, (socket) => amqp.acceptWebSocket(socket)) as never,
  });

  return {
    hubConnection: (connectionString, deviceTimeMs) =>
      new SdkHubConnection({
        connectionString,
        deviceTimeMs,
        dial: (): Duplex => connectOrFail(links.uplink, (end) => mqtt.handle(end)),
      }),
    pictureStore: (containerSasUrl, unanswered) =>
      openBlobPictureStore({ containerSasUrl, unanswered, agent: blobAgent(links.lan) }),
    async download(url) {
      const { connection, container, name } = parseBlobUrl(url);
      const { body } = await openSdkBlobClient(connection, blobAgent(links.lan)).get(container, name);
      return body;
    },
    blobClient: (connection, link) =>
      openSdkBlobClient(connection, link === undefined ? undefined : blobAgent(link)),
    eventProducer: (hub) => wireProducer(eventHubsOver(links.uplink), hub),
    eventSource: () => wireSource(eventHubsOver(links.cloud)),
    faceExchange: () =>
      httpFaceExchange({
        endpoint: 'http://face.local:5000',
        key: null,
        agent: httpAgentOver(links.face, faceServer),
      }),
    rowSink: () =>
      wireSink({
        url: 'http://api.powerbi.com',
        token: PUBLISHER.token,
        agent: httpAgentOver(links.cloud, powerBiServer),
      }),
  };
}

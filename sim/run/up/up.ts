/** Every stand-in on TCP and TLS in real time, on loopback, with the pipeline and a store's cameras between them. */
import http from 'node:http';
import { join } from 'node:path';
import { openDirectBlobClient } from '../../blob-storage/client/direct-client.js';
import { createBlobFront } from '../../blob-storage/front/blob-front.js';
import { formatConnectionString } from '../../blob-storage/index.js';
import { AmqpFront } from '../../event-hubs/amqp/front.js';
import { loopbackConnectionString } from '../../event-hubs/connection-string.js';
import { DiskJournal } from '../../event-hubs/index.js';
import { faceApiListener } from '../../face-api/front/front.js';
import type { Coverage } from '../../face-api/index.js';
import { SOUND_PARTS } from '../../faults/solution-parts.js';
import { realTimeServices } from '../../kernel/index.js';
import { PowerBiFront } from '../../power-bi/rest/front.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import { signedQuery, signedUrl } from '../signatures.js';
import { ACCOUNT_CONNECTION } from '../transport/blob-service.js';
import type { Camera } from '../world/cameras.js';
import { publishModels, readModels } from '../world/models.js';
import { openPremises } from '../world/premises.js';
import {
  EVENT_HUB,
  openServices,
  PICTURES_CONTAINER,
  STORAGE_ACCOUNT,
  type WorldServices,
} from '../world/services-of-a-world.js';
import { openBuiltInEndpoint } from './built-in-endpoint.js';
import { openCameraPages } from './camera-pages.js';
import { serverCertificate } from './certificates.js';
import type { Closers } from './closers.js';
import { openDashboardJob } from './dashboard-job.js';
import { dashboardPlan } from './dashboard-plan.js';
import type { UpDescription } from './description.js';
import { ID_SCOPE, openDps, provisioningOf } from './dps-server.js';
import { HubKeeper } from './hub-keeper.js';
import { listenForHub, serveHub } from './hub-servers.js';
import { LOOPBACK, listenAt, portError, portOf } from './ports.js';
import type { RealEndpoints } from './real-endpoints.js';
import { eventHubsOf, openRouting } from './routing.js';
import type { HubRouting } from './routing-file.js';
import { type FaceOfUp, scenarioOfUp } from './scenario-of-up.js';
import { openStoreCameras, openWitnessedStore } from './store-cameras.js';
import { tcpTransport } from './tcp-transport.js';

export interface UpOptions {
  /** Floor plan; null: the corner shop that footfall ships. */
  readonly storeFile: string | null;
  /** 0: any free ports. */
  readonly portBase: number;
  /** Where certificates are. */
  readonly dataFolder: string;
  /** Whether identities, twins, blobs and events are kept there, too, over restarts and crashes. */
  readonly keepsData: boolean;
  /** Services elsewhere that take the place of stand-ins. */
  readonly at: RealEndpoints;
  /** Authorities whose certificates devices may show, PEM; null: none but footfall's own. */
  readonly deviceCaPem: string | null;
  /** Routes of the hub; null: all telemetry goes to the built-in endpoint. */
  readonly routing: HubRouting | null;
  readonly face: FaceOfUp;
  /** Cameras that are left to hardware. */
  readonly realCameras: readonly string[];
  readonly warn: (message: string) => void;
}

export interface Up {
  readonly description: UpDescription;
  /** How much of the Face API's fixture has been used; null without one. */
  faceCoverage(): Coverage | null;
  close(): Promise<void>;
}

/** Always the same, so that keys and connection strings stay the same from start to start. */
const SEED = 'up';
const HUB_STANDARD_PORT = 8883;
const SIGNATURE_LIFE_MS = 365 * 86_400_000;
const UPLOAD_LIFE_MS = 3_600_000;
const UPLOADS_CONTAINER = 'uploads';
const PUBLISHER_TOKEN = 'footfall-publisher';
const TOKENS = { viewer: 'footfall-viewer', analyst: 'footfall-analyst', operator: 'footfall-operator' };
const FACE_KEY = 'footfall-face-key';
/** How long the end of one part may take before the next is ended. */
const CLOSE_PATIENCE_MS = 1_000;

/**
 * Resolves when everything is ready. Rejects with `PortInUseError`, `PortBaseError` or `BadInputError`, and then has
 * closed again what it had opened.
 */
export async function openUp(options: UpOptions): Promise<Up> {
  const closers: Closers = [];
  const services = realTimeServices(SEED);
  const close = async () => {
    for (const end of closers.reverse().splice(0)) {
      await Promise.race([end(), services.clock.sleep(CLOSE_PATIENCE_MS)]);
    }
  };
  try {
    return { ...(await open(options, services, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type RealTime = ReturnType<typeof realTimeServices>;

async function open(options: UpOptions, services: RealTime, closers: Closers): Promise<Omit<Up, 'close'>> {
  const { dataFolder, portBase, warn } = options;
  const nowMs = services.clock.now();
  const scenario = scenarioOfUp(dataFolder, options.storeFile, options.face, nowMs);
  const certificate = await serverCertificate(dataFolder, nowMs, services.rng('up/serials'));
  const trusted = [certificate.caPem, ...(options.deviceCaPem === null ? [] : [options.deviceCaPem])];
  const hubServers = await listenForHub(certificate, trusted, portBase);
  closers.push(() => {
    for (const server of [hubServers.mqtt, hubServers.https, hubServers.amqp]) server.close();
  });
  const hubHost =
    hubServers.mqttPort === HUB_STANDARD_PORT ? 'localhost' : `localhost:${hubServers.mqttPort}`;
  const witnessed = openWitnessedStore(services, scenario);
  closers.push(() => witnessed.close());
  const kept = keptEvents(options, closers);
  const world = openServices(services, scenario, witnessed.subjects, [], {
    hubHost,
    moreHubs: eventHubsOf(options.routing).filter((name) => name !== EVENT_HUB),
    ...(options.keepsData ? { blobFolder: join(dataFolder, 'blobs') } : {}),
    ...(kept === null ? {} : { journal: kept.namespace }),
  });
  const { iotHub } = world;
  const provisioning = provisioningOf(iotHub);
  if (options.keepsData) {
    const keeper = new HubKeeper(iotHub, provisioning, dataFolder);
    closers.push(() => keeper.save());
  }
  const { address, ...builtInEndpoint } = await openBuiltInEndpoint(
    iotHub,
    portBase,
    warn,
    closers,
    kept?.telemetry ?? null,
  );
  if (options.routing !== null) await openRouting(world, options.routing, warn, closers);
  const hub = serveHub(iotHub, hubServers, address);
  closers.push(() => hub.close());
  const dps = await openDps(provisioning, certificate, trusted, portBase, closers);
  const cloud = swapped(await openCloud(world, scenario, services, portBase, closers), options.at);

  const own = openDirectBlobClient(world.storage, ACCOUNT_CONNECTION, undefined);
  await own.createContainer(PICTURES_CONTAINER);
  await own.createContainer(UPLOADS_CONTAINER);
  const expiresAtMs = nowMs + SIGNATURE_LIFE_MS;
  const models = await publishModels(own, await readModels(scenario), cloud.blob, expiresAtMs);
  linkUploads(world, cloud.blob.endpoint);
  const transport = tcpTransport({
    caPem: certificate.caPem,
    eventHubsConnectionString: cloud.eventHubsConnectionString,
    face: cloud.face,
    powerBi: { url: cloud.powerBiUrl, token: PUBLISHER_TOKEN },
  });
  const premises = await openPremises({
    kernel: services,
    scenario,
    transport,
    solution: SOUND_PARTS,
    connections: {
      storage: formatConnectionString(STORAGE_ACCOUNT.name, STORAGE_ACCOUNT.keys[0], cloud.blob.endpoint),
      eventHubs: cloud.eventHubsConnectionString,
      faceEndpoint: `${cloud.face.endpoint}/face/v1.0/`,
    },
    blobs: transport.blobClient(cloud.blob, undefined),
    ownBlobs: own,
    onBlobWritten: (listener) => world.storage.onBlobWritten(listener),
    onWarning: warn,
  });
  await premises.host.start();
  closers.push(() => premises.host.stop());
  const job = await openDashboardJob(services, scenario, transport, warn);
  closers.push(() => job.close());
  const cameras = openStoreCameras({
    services,
    scenario,
    world,
    transport,
    witnessed,
    model: models.first,
    pictureContainerUrl: signedUrl(cloud.blob, {
      container: PICTURES_CONTAINER,
      name: null,
      permissions: 'c',
      expiresAtMs,
    }),
    warn,
  });
  for (const { mount, kit } of cameras) if (!options.realCameras.includes(mount.id)) kit.powerOn();
  closers.push(() => Promise.all(cameras.map(({ kit }) => kit.powerOff())));
  const pages = await openCameraPages({
    services,
    scenario,
    store: witnessed.store,
    cameras,
    realCameras: options.realCameras,
    portBase,
    closers,
  });
  const healthPort = await openHealth(world, cameras, () => job.rows, portBase, closers);

  const description: UpDescription = {
    ready: true,
    caPath: certificate.caPath,
    iotHub: {
      hostName: 'localhost',
      mqttPort: hubServers.mqttPort,
      wsPort: hubServers.httpsPort,
      httpsPort: hubServers.httpsPort,
      amqpPort: hubServers.amqpPort,
      serviceConnectionString: iotHub.policies.connectionString(),
      builtInEndpoint,
      devices: iotHub.registry.devices.map(({ identity: { deviceId } }) => ({
        deviceId,
        connectionString: iotHub.connectionString(deviceId),
      })),
    },
    dps: { idScope: ID_SCOPE, host: 'localhost', ...dps },
    blob: {
      connectionString: formatConnectionString(
        STORAGE_ACCOUNT.name,
        STORAGE_ACCOUNT.keys[0],
        cloud.blob.endpoint,
      ),
    },
    eventHubs: {
      connectionString: cloud.eventHubsConnectionString,
      hub: EVENT_HUB,
      partitions: scenario.document.capacity.partitions,
    },
    face: cloud.face,
    powerBi: { endpoint: cloud.powerBiUrl, token: PUBLISHER_TOKEN },
    dashboard: { url: `${cloud.powerBiUrl}/dashboard/`, tokens: TOKENS },
    cameras: pages,
    health: { url: `http://${LOOPBACK}:${healthPort}/health` },
  };
  const faceCoverage = () => (options.face.fixture === null ? null : world.faceApi.coverage());
  return { description, faceCoverage };
}

/** What the pipeline talks to: a service elsewhere where there is one, the stand-in otherwise. */
function swapped(cloud: Cloud, at: RealEndpoints): Cloud {
  return {
    ...cloud,
    eventHubsConnectionString: at.eventHubs ?? cloud.eventHubsConnectionString,
    face: at.face ?? cloud.face,
  };
}

/** Two namespaces: the pipeline's, and the hub's built-in endpoint. */
function keptEvents({ dataFolder, keepsData }: UpOptions, closers: Closers) {
  if (!keepsData) return null;
  const namespace = new DiskJournal(join(dataFolder, 'events'));
  const telemetry = new DiskJournal(join(dataFolder, 'telemetry'));
  closers.push(
    () => namespace.close(),
    () => telemetry.close(),
  );
  return { namespace, telemetry };
}

interface Cloud {
  readonly blob: typeof ACCOUNT_CONNECTION;
  readonly eventHubsConnectionString: string;
  readonly face: { readonly endpoint: string; readonly key: string };
  readonly powerBiUrl: string;
}

/** The fronts that are plain HTTP and AMQP. */
async function openCloud(
  world: WorldServices,
  scenario: Scenario,
  services: RealTime,
  portBase: number,
  closers: Closers,
): Promise<Cloud> {
  const blob = createBlobFront(world.storage, services.rng('blob-storage/request-ids'));
  const blobPort = await serve(blob, 'blob', portBase, closers);
  const amqp = new AmqpFront(world.eventHubs);
  closers.push(() => amqp.close());
  const amqpPort = await amqp
    .listen(portOf('eventHubs', portBase), LOOPBACK)
    .catch((error: NodeJS.ErrnoException) => {
      throw portError(error, 'eventHubs', portOf('eventHubs', portBase));
    });
  const face = http.createServer(faceApiListener(world.faceApi, { clock: services.clock, keys: [FACE_KEY] }));
  const facePort = await serve(face, 'face', portBase, closers);
  const powerBi = new PowerBiFront(world.powerBi, {
    grants: [
      { token: PUBLISHER_TOKEN, role: 'publisher', storeIds: null },
      { token: TOKENS.viewer, role: 'viewer', storeIds: null },
      { token: TOKENS.analyst, role: 'analyst', storeIds: null },
      { token: TOKENS.operator, role: 'operator', storeIds: null },
    ],
    feed: { dataset: 'footfall', table: 'footfall' },
    plans: [dashboardPlan(scenario)],
  });
  closers.push(() => powerBi.close());
  const powerBiPort = await powerBi
    .listen(portOf('powerBi', portBase), LOOPBACK)
    .catch((error: NodeJS.ErrnoException) => {
      throw portError(error, 'powerBi', portOf('powerBi', portBase));
    });
  return {
    blob: {
      ...ACCOUNT_CONNECTION,
      endpoint: `http://${LOOPBACK}:${blobPort}/${ACCOUNT_CONNECTION.account}`,
    },
    eventHubsConnectionString: loopbackConnectionString(world.eventHubs, amqpPort),
    face: { endpoint: `http://${LOOPBACK}:${facePort}`, key: FACE_KEY },
    powerBiUrl: `http://${LOOPBACK}:${powerBiPort}`,
  };
}

async function serve(
  server: http.Server,
  place: 'blob' | 'face' | 'health',
  portBase: number,
  closers: Closers,
): Promise<number> {
  const port = await listenAt(server, place, portBase);
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return port;
}

/** Devices upload their files to a container of the same account. */
function linkUploads({ iotHub, storage }: WorldServices, endpoint: string): void {
  const { host, pathname } = new URL(endpoint);
  const { account } = ACCOUNT_CONNECTION;
  iotHub.fileUploads.link({
    placeOf: (blobName) => ({
      hostName: `${host}${pathname}`,
      containerName: UPLOADS_CONTAINER,
      sasToken: `?${signedQuery(ACCOUNT_CONNECTION, {
        container: UPLOADS_CONTAINER,
        name: blobName,
        permissions: 'rcw',
        expiresAtMs: iotHub.services.clock.now() + UPLOAD_LIFE_MS,
      })}`,
    }),
    find(blobName) {
      const found = storage.account(account)?.find(UPLOADS_CONTAINER, blobName);
      if (!found?.ok) return null;
      const { body, lastModifiedMs } = found.value;
      const uri = `${endpoint}/${UPLOADS_CONTAINER}/${blobName}`;
      return { uri, sizeBytes: body.byteLength, updatedAtMs: lastModifiedMs };
    },
  });
}

/** `GET /health`: 200 while it runs, with what goes on. */
function openHealth(
  world: WorldServices,
  cameras: readonly Camera[],
  rows: () => number,
  portBase: number,
  closers: Closers,
): Promise<number> {
  const server = http.createServer((request, response) => {
    const isHealth = request.url === '/health';
    response.writeHead(isHealth ? 200 : 404, { 'content-type': 'application/json' });
    if (!isHealth) return response.end('{"status":"nothing here; try /health"}');
    const status = {
      status: 'ok',
      connectedIdentities: world.iotHub.connectedCount,
      cameras: cameras.map(({ mount, kit }) => ({ id: mount.id, looks: kit.figures().looks })),
      telemetry: world.iotHub.telemetry.figures(),
      dashboardRows: rows(),
    };
    return response.end(JSON.stringify(status));
  });
  return serve(server, 'health', portBase, closers);
}

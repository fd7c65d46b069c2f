/** Every stand-in on TCP and TLS in real time, on loopback, with the pipeline and a store's cameras between them. */
import http from 'node:http';
import { join } from 'node:path';
import { createBlobFront } from '../../blob-storage/front/blob-front.js';
import { type BlobConnection, formatConnectionString } from '../../blob-storage/index.js';
import { AmqpFront } from '../../event-hubs/amqp/front.js';
import { loopbackConnectionString, loopbackConnectionStringOf } from '../../event-hubs/connection-string.js';
import { DiskJournal } from '../../event-hubs/index.js';
import { faceApiListener } from '../../face-api/front/front.js';
import type { Coverage } from '../../face-api/index.js';
import { SOUND_PARTS } from '../../faults/solution-parts.js';
import { dpsServiceListener, serviceConnectionString } from '../../iot-hub/dps/service-front.js';
import { realTimeServices } from '../../kernel/index.js';
import type { Grant } from '../../power-bi/index.js';
import { PowerBiFront } from '../../power-bi/rest/front.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import { signedQuery, signedUrl } from '../signatures.js';
import type { Camera } from '../world/cameras.js';
import { publishModels, readModels } from '../world/models.js';
import { openPremises } from '../world/premises.js';
import {
  EVENT_HUB,
  openServices,
  PICTURES_CONTAINER,
  type WorldServices,
} from '../world/services-of-a-world.js';
import { realAccount, standInAccount } from './at/picture-account.js';
import { describeEndpoints, type RealEndpoints } from './at/real-endpoints.js';
import { RealHub } from './at/real-hub.js';
import { openBuiltInEndpoint } from './built-in-endpoint.js';
import { openCameraPages } from './camera-pages.js';
import { type ServerCertificate, serverCertificate } from './certificates.js';
import type { Closers } from './closers.js';
import { CONTAINERS_BY_URI } from './containers-by-uri.js';
import { openDashboardJob } from './dashboard-job.js';
import { dashboardPlan } from './dashboard-plan.js';
import type { UpDescription } from './description.js';
import { ID_SCOPE, openDps, provisioningOf, serviceAccess } from './dps-server.js';
import { eitherHttp, eitherServer } from './either-port.js';
import { HubKeeper } from './hub-keeper.js';
import { listenForHub, serveHub } from './hub-servers.js';
import { checkStreams, openLiveCameras, type Streams } from './live-cameras.js';
import { KeptPolicyKeys } from './management/kept-policy-keys.js';
import { managementServer } from './management/management-server.js';
import { accountPath, policyPath } from './management/routes.js';
import { ACCOUNT_OF_UP, OWN_CONNECTION, OWN_POLICY, POLICIES_OF_UP } from './own-access.js';
import { LOOPBACK, listenAt, type Place } from './ports.js';
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
  readonly streams: Streams;
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
  checkStreams(options.streams, scenario, options.realCameras);
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
    account: ACCOUNT_OF_UP,
    policies: POLICIES_OF_UP,
    moreHubs: eventHubsOf(options.routing).filter((name) => name !== EVENT_HUB),
    ...(options.keepsData ? { blobFolder: join(dataFolder, 'blobs') } : {}),
    ...(kept === null ? {} : { journal: kept.namespace }),
  });
  const keptKeys = options.keepsData ? new KeptPolicyKeys(world.eventHubs, dataFolder) : null;
  const { iotHub } = world;
  const provisioning = provisioningOf(iotHub);
  if (options.keepsData) {
    const keeper = new HubKeeper(iotHub, provisioning, dataFolder);
    closers.push(() => keeper.save());
  }
  const { address, ...builtInEndpoint } = await openBuiltInEndpoint(
    iotHub,
    certificate,
    portBase,
    warn,
    closers,
    kept?.telemetry ?? null,
  );
  if (options.routing !== null) await openRouting(world, options.routing, warn, closers);
  const access = serviceAccess(provisioning);
  const hub = serveHub(iotHub, hubServers, address, dpsServiceListener(provisioning, access));
  closers.push(() => hub.close());
  const dps = await openDps(provisioning, certificate, trusted, portBase, closers);
  const { at } = options;
  const standIns = await openCloud({ world, scenario, services, certificate, portBase, closers });
  const cloud = swapped(standIns, at);
  await standInAccount(world).blobs.createContainer(UPLOADS_CONTAINER);
  linkUploads(world, standIns.blob.endpoint);
  const account =
    at.blob === null ? standInAccount(world) : realAccount(at.blob, services.clock, warn, closers);
  await account.blobs.createContainer(PICTURES_CONTAINER);
  const expiresAtMs = nowMs + SIGNATURE_LIFE_MS;
  const models = await publishModels(account.blobs, await readModels(scenario), cloud.blob, expiresAtMs);
  const transport = tcpTransport({
    caPem: at.iotHub === null ? certificate.caPem : null,
    eventHubsConnectionString: cloud.ownEvents,
    face: cloud.face,
    powerBi: { url: cloud.powerBiUrl, token: PUBLISHER_TOKEN },
  });
  const premises = await openPremises({
    kernel: services,
    scenario,
    transport,
    solution: SOUND_PARTS,
    connections: {
      storage: storageConnection(cloud.blob),
      eventHubs: cloud.ownEvents,
      faceEndpoint: `${cloud.face.endpoint}/face/v1.0/`,
    },
    blobs: transport.blobClient(cloud.blob, undefined),
    ownBlobs: account.blobs,
    onBlobWritten: account.onBlobWritten,
    onWarning: warn,
  });
  await premises.host.start();
  closers.push(() => premises.host.stop());
  const job = await openDashboardJob(services, scenario, transport, warn);
  closers.push(() => job.close());
  const live = openLiveCameras(options.streams, closers);
  const cameras = await openStoreCameras({
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
    live,
    hub: at.iotHub === null ? null : new RealHub(at.iotHub, services.clock),
    warn,
  });
  for (const { mount, kit } of cameras) if (!options.realCameras.includes(mount.id)) kit.powerOn();
  closers.push(() => Promise.all(cameras.map(({ kit }) => kit.powerOff())));
  const pages = await openCameraPages({
    services,
    scenario,
    store: witnessed.store,
    cameras,
    live,
    realCameras: options.realCameras,
    certificate,
    portBase,
    closers,
  });
  const healthPort = await serve(
    healthServer(world, cameras, () => job.rows),
    certificate,
    'health',
    portBase,
    closers,
  );
  const managementPort = await serve(
    managementServer({ ...world, eventHubsPort: standIns.eventHubsPort, kept: keptKeys }, grantsOf(scenario)),
    certificate,
    'management',
    portBase,
    closers,
  );

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
    dps: {
      idScope: ID_SCOPE,
      host: 'localhost',
      ...dps,
      serviceConnectionString: serviceConnectionString(access),
    },
    blob: { connectionString: storageConnection(at.blob ?? handedOut(world, standIns.blob)) },
    eventHubs: {
      connectionString: cloud.eventHubsConnectionString,
      hub: EVENT_HUB,
      partitions: scenario.document.capacity.partitions,
    },
    face: cloud.face,
    powerBi: { endpoint: cloud.powerBiUrl, token: PUBLISHER_TOKEN },
    dashboard: { url: `${cloud.powerBiUrl}/dashboard/`, tokens: TOKENS },
    management: {
      url: `http://${LOOPBACK}:${managementPort}`,
      storageAccount: accountPath(ACCOUNT_OF_UP.name),
      eventHubsPolicy: policyPath(
        world.eventHubs.configuration.name,
        world.eventHubs.access.policyWith().name,
      ),
      token: TOKENS.operator,
    },
    cameras: pages,
    health: { url: `http://${LOOPBACK}:${healthPort}/health` },
    at: describeEndpoints(at),
  };
  const faceCoverage = () => (options.face.fixture === null ? null : world.faceApi.coverage());
  return { description, faceCoverage };
}

/** What the pipeline talks to: a service elsewhere where there is one, the stand-in otherwise. */
function swapped(cloud: Cloud, at: RealEndpoints): Cloud {
  return {
    ...cloud,
    blob: at.blob ?? cloud.blob,
    eventHubsConnectionString: at.eventHubs ?? cloud.eventHubsConnectionString,
    ownEvents: at.eventHubs ?? cloud.ownEvents,
    face: at.face ?? cloud.face,
  };
}

/** What users of the stand-in sign with: its first key, as it is now. */
function handedOut({ storage }: WorldServices, own: BlobConnection): BlobConnection {
  const key = storage.account(own.account)?.keys[0] ?? ACCOUNT_OF_UP.keys[0];
  return { ...own, secret: { kind: 'key', key } };
}

function grantsOf({ storeId }: Scenario): readonly Grant[] {
  return [
    { token: PUBLISHER_TOKEN, role: 'publisher', storeIds: null },
    { token: TOKENS.viewer, role: 'viewer', storeIds: [storeId] },
    { token: TOKENS.analyst, role: 'analyst', storeIds: null },
    { token: TOKENS.operator, role: 'operator', storeIds: null },
  ];
}

function storageConnection({ account, endpoint, secret }: BlobConnection): string {
  if (secret.kind !== 'key') throw new RangeError('the account has no key');
  return formatConnectionString(account, secret.key, endpoint);
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
  /** With the solution's own key. */
  readonly blob: BlobConnection;
  readonly eventHubsPort: number;
  /** For users. */
  readonly eventHubsConnectionString: string;
  /** For the solution: with its own policy. */
  readonly ownEvents: string;
  readonly face: { readonly endpoint: string; readonly key: string };
  readonly powerBiUrl: string;
}

interface CloudParts {
  readonly world: WorldServices;
  readonly scenario: Scenario;
  readonly services: RealTime;
  readonly certificate: ServerCertificate;
  readonly portBase: number;
  readonly closers: Closers;
}

/** The fronts that are HTTP and AMQP, plain or over TLS as the client likes. */
async function openCloud(parts: CloudParts): Promise<Cloud> {
  const { certificate, closers, portBase, scenario, services, world } = parts;
  const blob = createBlobFront(world.storage, services.rng('blob-storage/request-ids'));
  const blobPort = await serve(blob, certificate, 'blob', portBase, closers);
  const amqp = new AmqpFront(world.eventHubs);
  closers.push(() => amqp.close());
  const amqpServer = eitherServer(certificate, (socket) => amqp.acceptSocket(socket));
  closers.push(() => amqpServer.close());
  const amqpPort = await listenAt(amqpServer, 'eventHubs', portBase);
  const face = http.createServer(faceApiListener(world.faceApi, { clock: services.clock, keys: [FACE_KEY] }));
  const facePort = await serve(face, certificate, 'face', portBase, closers);
  const powerBi = new PowerBiFront(world.powerBi, {
    grants: grantsOf(scenario),
    feed: { dataset: 'footfall', table: 'footfall' },
    plans: [dashboardPlan(scenario)],
  });
  const powerBiPort = await serve(powerBi.server(), certificate, 'powerBi', portBase, closers);
  return {
    blob: {
      ...OWN_CONNECTION,
      endpoint: `http://${LOOPBACK}:${blobPort}/${OWN_CONNECTION.account}`,
    },
    eventHubsPort: amqpPort,
    eventHubsConnectionString: loopbackConnectionString(world.eventHubs, amqpPort),
    ownEvents: loopbackConnectionStringOf(amqpPort, OWN_POLICY.name, OWN_POLICY.key),
    face: { endpoint: `http://${LOOPBACK}:${facePort}`, key: FACE_KEY },
    powerBiUrl: `http://${LOOPBACK}:${powerBiPort}`,
  };
}

async function serve(
  server: http.Server,
  certificate: ServerCertificate,
  place: Place,
  portBase: number,
  closers: Closers,
): Promise<number> {
  const door = eitherHttp(certificate, server);
  const port = await listenAt(door, place, portBase);
  closers.push(() => {
    server.closeAllConnections();
    door.close();
  });
  return port;
}

/** Devices upload their files to a container of the same account. */
function linkUploads({ iotHub, storage }: WorldServices, endpoint: string): void {
  const { host, pathname } = new URL(endpoint);
  const { account } = OWN_CONNECTION;
  iotHub.registryJobs.link(CONTAINERS_BY_URI);
  iotHub.fileUploads.link({
    placeOf: (blobName) => ({
      hostName: `${host}${pathname}`,
      containerName: UPLOADS_CONTAINER,
      sasToken: `?${signedQuery(OWN_CONNECTION, {
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

/** `GET /health`: 200 while it runs; to operators, whose matter the state of devices is, with what goes on. */
function healthServer(world: WorldServices, cameras: readonly Camera[], rows: () => number): http.Server {
  return http.createServer((request, response) => {
    const isHealth = request.url === '/health';
    response.writeHead(isHealth ? 200 : 404, { 'content-type': 'application/json' });
    if (!isHealth) return response.end('{"status":"nothing here; try /health"}');
    if (request.headers.authorization !== `Bearer ${TOKENS.operator}`) return response.end('{"status":"ok"}');
    const status = {
      status: 'ok',
      connectedIdentities: world.iotHub.connectedCount,
      cameras: cameras.map(({ mount, kit }) => ({ id: mount.id, looks: kit.figures().looks })),
      telemetry: world.iotHub.telemetry.figures(),
      dashboardRows: rows(),
    };
    return response.end(JSON.stringify(status));
  });
}

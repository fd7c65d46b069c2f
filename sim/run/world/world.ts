/**
 * A world: one store, the solution under test, every stand-in, under one virtual clock. Opened after the kernel;
 * what it needs of the SDKs it imports then.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LossReason } from '../../../pipeline/camera-module/store-and-forward.js';
import type { Azurite } from '../../blob-storage/azurite.js';
import type { DevKitFigures } from '../../devkit/index.js';
import { solutionWith } from '../../faults/mutations.js';
import type { SolutionParts } from '../../faults/solution-parts.js';
import type { Kernel } from '../../kernel/index.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import { type CaptureWatch, watchCaptures } from '../checks/capture-watch.js';
import { Backlogs } from '../record/backlogs.js';
import { SampleFrames } from '../record/sample-frames.js';
import type { Witness } from '../sight/witness.js';
import { signedUrl } from '../signatures.js';
import { installFolder } from '../tool-version.js';
import { ACCOUNT_CONNECTION, type BlobService, openBlobService } from '../transport/blob-service.js';
import { openWays } from '../transport/open-transport.js';
import type { Transport } from '../transport/transport.js';
import { type Camera, installCameras } from './cameras.js';
import { Collector } from './collector.js';
import { type Dashboard, type OpenDashboard, openDashboard } from './dashboard.js';
import { type FaultEffects, scheduleFaults } from './faults.js';
import type { Ground } from './ground.js';
import { publishModels, readModels } from './models.js';
import { openPremises, type Premises } from './premises.js';
import {
  CONSUMER_GROUP,
  EVENT_HUB,
  openServices,
  PICTURES_CONTAINER,
  type WorldServices,
} from './services-of-a-world.js';
import { type ArrivedEvent, StreamAnalyticsJob } from './stream-analytics.js';
import { scheduleTwinChanges } from './twin-changes.js';
import { worldConnections } from './world-hosts.js';
import type { ReplaySettings, RunSettings } from './world-messages.js';

/** Devices connect, fetch their model and configure themselves in this time before the store opens. */
export const WARM_UP_MS = 60_000;
/** How long the pipeline may take to work off what is left when the store closes. */
const LONGEST_DRAIN_MS = 2 * 3_600_000;
const DRAIN_STEP_MS = 5_000;
const BACKLOG_SAMPLE_MS = 15_000;
const LOSS_REASONS: Readonly<Record<LossReason, string>> = {
  overflow: 'because the device had no room for more',
  expired: 'because it had waited too long',
  rejected: 'because it was refused for good',
};
/** A signature for the length of any run. */
const SIGNATURE_LIFE_MS = 30 * 86_400_000;

export interface World {
  readonly kernel: Kernel;
  readonly scenario: Scenario;
  readonly settings: RunSettings | ReplaySettings;
  readonly services: WorldServices;
  readonly ground: Ground;
  readonly cameras: readonly Camera[];
  readonly premises: Premises;
  readonly blobs: BlobService;
  readonly job: StreamAnalyticsJob;
  readonly collector: Collector;
  readonly captures: CaptureWatch;
  readonly backlogs: Backlogs;
  readonly frames: SampleFrames;
  /** Rows as the dashboard got them, and how many were withheld or lost columns. */
  readonly dashboard: Dashboard;
  /** Backends of the detector, by camera. */
  readonly backends: ReadonlyMap<string, string>;
  readonly faultEffects: FaultEffects;
  /** Reported properties of a module's twin. */
  reportedBy(identity: string): Readonly<Record<string, unknown>>;
  /** Leaves the ways to the services; the ground is closed for itself. */
  close(): void;
}

export async function openWorld(
  kernel: Kernel,
  scenario: Scenario,
  settings: RunSettings | ReplaySettings,
  azurite: Azurite | null,
  openGround: (collector: Collector) => Ground,
  onHandler: (functionName: string, isRunning: boolean) => void,
): Promise<World> {
  const collector = new Collector();
  const solution = solutionWith(settings.mutation);
  const ground = openGround(collector);
  const { witness } = ground;
  const services = openServices(kernel, scenario, ground.subjects, loyalVisitors(scenario), {
    faceHooks: ground.faceHooks,
  });
  const blobs = await openBlobService(kernel, services.storage, azurite);
  const ownApp = scenario.functionsFolder !== null;
  const { transport, leave } = await openWays(kernel, services, blobs, settings.fidelity, ownApp);
  const expiresAtMs = kernel.clock.now() + SIGNATURE_LIFE_MS;
  const modelFiles = await kernel.hold(readModels(scenario, ground.modelZip));
  await kernel.drive(blobs.own.createContainer(PICTURES_CONTAINER));
  const models = await kernel.drive(publishModels(blobs.own, modelFiles, ACCOUNT_CONNECTION, expiresAtMs));

  const frames = new SampleFrames();
  const backends = new Map<string, string>();
  const captures = watchCaptures(services.iotHub, scenario);
  services.powerBi.onRows(({ rows }) => {
    collector.rowsPushed += rows.length;
  });
  const cameras = installCameras({
    kernel,
    scenario,
    services,
    transport,
    solution,
    manifestFile: scenario.manifestFile ?? join(installFolder(), 'pipeline/deployment/deployment.json'),
    model: models.first,
    pictureContainerUrl: signedUrl(ACCOUNT_CONNECTION, {
      container: PICTURES_CONTAINER,
      name: null,
      permissions: 'c',
      expiresAtMs,
    }),
    sightOf: (camera) => ground.sightOf(camera),
    observerOf: (camera) => ({
      onCaptured: ({ metadata, jpeg }, takenAtMs, deviceTimeMs) => {
        collector.captured(metadata.cameraId, metadata.capturedAt, takenAtMs);
        captures.captured(camera.id, takenAtMs, Date.parse(metadata.capturedAt) - deviceTimeMs);
        witness.captured(metadata, jpeg, takenAtMs);
        frames.offer(metadata, camera.widthPixels, () => ground.drawn(camera, takenAtMs) ?? (() => jpeg));
      },
      onUploaded: ({ metadata }) =>
        collector.stored(metadata.cameraId, metadata.capturedAt, kernel.clock.now()),
      onReported: () => {},
      onPictureLost: (_picture, reason) => {
        collector.devicePicturesLost++;
        collector.warn(`${camera.id}: a picture was lost, ${LOSS_REASONS[reason]}`);
      },
      onMessageLost: (_telemetry, reason) => {
        collector.messagesLost++;
        collector.warn(`${camera.id}: a message was lost, ${LOSS_REASONS[reason]}`);
      },
      onEdgeMessageLost: () => {
        collector.messagesLost++;
      },
      onModelInstalled: ({ backend }) => {
        backends.set(camera.id, backend);
      },
      onDisconnected: () => {},
      onUnrouted: (module) => collector.warn(`no route leads messages of the module '${module}' anywhere`),
      onWarning: (message) => collector.warn(`${camera.id}: ${message}`),
    }),
    lazyLooks: ground.lazyLooks,
  });
  blobs.onBlobWritten(({ container }) => {
    if (container === PICTURES_CONTAINER) collector.picturesWritten++;
  });
  const premises = await kernel.hold(
    openPremises({
      kernel,
      scenario,
      transport,
      solution,
      connections: worldConnections(services),
      blobs: transport.blobClient(ACCOUNT_CONNECTION, services.links.premises),
      ownBlobs: blobs.own,
      onBlobWritten: (listener) => blobs.onBlobWritten(listener),
      onWarning: (message) => collector.warn(message),
      hubs: services.eventHubs.configuration.hubs,
      onUserLog: (line) => collector.noteFunctionLog(line),
      // The solution's own Function is known to answer.
      ...(scenario.functionsFolder === null ? {} : { onHandler }),
    }),
  );
  await kernel.drive(premises.host.start());
  const dashboard = await openDashboard(kernel, scenario, transport, collector, solution);
  const job = openJob(kernel, scenario, transport, collector, witness, dashboard, solution.query);
  const backlogs = new Backlogs(
    [
      {
        name: 'pictures on cameras',
        read: () => sum(cameras, ({ kit }) => kit.figures().module?.pictures.queued ?? 0),
      },
      {
        name: 'messages on cameras',
        read: () => sum(cameras, ({ kit }) => messagesQueued(kit.figures())),
      },
      { name: 'pictures not analysed', read: () => collector.unanalysedPictures },
      { name: 'rows for the dashboard', read: () => dashboard.queued },
    ],
    BACKLOG_SAMPLE_MS,
  );
  const faultEffects = scheduleFaults(kernel.clock, scenario, services, cameras);
  scheduleTwinChanges(kernel.clock, scenario, services, cameras, models);
  for (const { kit } of cameras) kit.powerOn();

  return {
    kernel,
    scenario,
    settings,
    services,
    ground,
    cameras,
    premises,
    blobs,
    job,
    collector,
    captures,
    backlogs,
    frames,
    dashboard: dashboard.state,
    backends,
    faultEffects,
    reportedBy: (identity) => ({ ...services.iotHub.twins.get(identity).reported.properties }),
    close: leave,
  };
}

/** Works off what is under way when the store has closed, as long as there is hope; then ends the job. */
export async function drain(world: World, isInterrupted: () => boolean): Promise<void> {
  const { kernel, cameras, premises, job, collector, ground } = world;
  // An interrupted run knows the truth of the time that it ran, and no more.
  if (!isInterrupted()) ground.reachEnd();
  const limitMs = kernel.clock.now() + LONGEST_DRAIN_MS;
  const isBusy = () =>
    sum(cameras, ({ kit }) => {
      const figures = kit.figures();
      return (figures.module?.pictures.queued ?? 0) + messagesQueued(figures);
    }) > 0 ||
    !premises.host.isIdle ||
    job.waiting > 0;
  do {
    await kernel.runUntil(kernel.clock.now() + DRAIN_STEP_MS);
    world.backlogs.sample(kernel.clock.now());
  } while (isBusy() && kernel.clock.now() < limitMs && !isInterrupted());
  // Events on their way to the job arrive within a batch; then its input has ended, and so have its windows.
  if (!isInterrupted()) await kernel.runUntil(kernel.clock.now() + DRAIN_STEP_MS);
  await kernel.drive(job.end());
  await kernel.runUntil(kernel.clock.now() + DRAIN_STEP_MS);
  collector.attribution.end();
}

/** Messages that are still on a device, with its module or its edge hub. */
function messagesQueued({ edgeHub, module }: DevKitFigures): number {
  return (module?.messages.queued ?? 0) + edgeHub.queued;
}

function sum<Item>(items: readonly Item[], figure: (item: Item) => number): number {
  return items.reduce((total, item) => total + figure(item), 0);
}

/** Everybody who may come back: the pool that the scenario's returning shoppers are drawn from. */
function loyalVisitors({ traffic, document }: Scenario): readonly string[] {
  if (!document.privacy.loyalty) return [];
  return Array.from({ length: traffic.regulars }, (_, index) => `regular-${index + 1}`);
}

function openJob(
  kernel: Kernel,
  scenario: Scenario,
  transport: Transport,
  collector: Collector,
  witness: Witness,
  dashboard: OpenDashboard,
  plant: SolutionParts['query'],
): StreamAnalyticsJob {
  const { lateArrival, outOfOrder, latePolicy } = scenario.document.solution;
  const queryFile = scenario.queryFile ?? join(installFolder(), 'pipeline/deployment/footfall.asaql');
  let ofOnePicture: ArrivedEvent[] = [];
  const settlePicture = () => {
    if (ofOnePicture.length > 0) {
      witness.arrived(
        collector.arrived(ofOnePicture),
        ofOnePicture.map(({ event }) => event),
      );
    }
    ofOnePicture = [];
  };
  return new StreamAnalyticsJob(kernel, transport.eventSource(), {
    query: plant(readFileSync(queryFile, 'utf8')),
    queryFile,
    inputName: 'footfall-events',
    hub: EVENT_HUB,
    consumerGroup: CONSUMER_GROUP,
    lateToleranceMs: lateArrival,
    outOfOrderToleranceMs: outOfOrder,
    policy: latePolicy,
    onEvent: (arrived) => {
      if (!isOfAPicture(arrived)) return collector.strange(arrived.event);
      const [first] = ofOnePicture;
      if (first !== undefined && !isSamePicture(first, arrived)) settlePicture();
      ofOnePicture.push(arrived);
    },
    onRows: (rows) => {
      settlePicture();
      dashboard.write(rows);
      const closedMs = Math.max(...rows.map(({ windowEndMs }) => windowEndMs));
      collector.attribution.closeUntil(closedMs - scenario.document.solution.lateArrival);
    },
  });
}

/** A Function of a user's own may send anything. */
function isOfAPicture({ event: { cameraId, capturedAt } }: ArrivedEvent): boolean {
  return typeof cameraId === 'string' && !Number.isNaN(Date.parse(capturedAt));
}

function isSamePicture(one: ArrivedEvent, other: ArrivedEvent): boolean {
  return one.event.cameraId === other.event.cameraId && one.event.capturedAt === other.event.capturedAt;
}

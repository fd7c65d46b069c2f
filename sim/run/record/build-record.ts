/** Puts a run record together from a world that has come to its end. */
import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { isNativePackageInstalled, NATIVE_PACKAGE } from '../../../pipeline/detection/native-package.js';
import type { AnyRecord, ReplayRecord } from '../../../reports/replay-record.js';
import type { RunRecord } from '../../../reports/run-record.js';
import type { LogLine } from '../../functions-host/index.js';
import { checkExpectations } from '../checks/expectations.js';
import { checkInvariants } from '../checks/invariants.js';
import { figuresOfFootage } from '../replay/figures-of-footage.js';
import type { FootageGround } from '../replay/footage-ground.js';
import { toolVersion } from '../tool-version.js';
import { LATENCY_STAGES, MOST_LOG_LINES } from '../world/collector.js';
import { faultsOfRecord } from '../world/faults.js';
import type { StoreGround } from '../world/store-ground.js';
import { twinChangesOfRecord } from '../world/twin-changes.js';
import type { World } from '../world/world.js';
import { accuracyOf } from './accuracy.js';
import { stagesOf } from './stage-counters.js';
import { displaysOf, storeOf, truthOf } from './store-figures.js';

export interface Ending {
  readonly complete: boolean;
  readonly virtualMs: number;
  readonly wallClock: RunRecord['wallClock'];
  readonly traceDigest: string;
  readonly frames: RunRecord['frames'];
}

/** In the order in which a picture meets them. */
const LINK_NAMES = ['lan', 'premises', 'face', 'uplink', 'cloud'] as const;

/** What does not depend on where the truth comes from. */
type Base = Omit<
  RunRecord,
  'truth' | 'accuracy' | 'store' | 'displays' | 'visionModel' | 'invariants' | 'expectations' | 'digest'
>;

export function buildRecord(world: World, ending: Ending): AnyRecord {
  const { ground } = world;
  return ground.kind === 'store'
    ? recordOfStore(world, ground, ending)
    : recordOfFootage(world, ground, ending);
}

function recordOfStore(world: World, ground: StoreGround, ending: Ending): RunRecord {
  const draft = {
    ...baseOf(world, ending),
    truth: truthOf(world, ground),
    accuracy: accuracyOf(world.collector, ground),
    store: storeOf(world, ground),
    displays: displaysOf(world, ground),
    visionModel: ground.visionModel,
  };
  const invariants = ending.complete ? [...checkInvariants(world, draft)] : [];
  const expectations = ending.complete ? [...checkExpectations(world, draft)] : [];
  const record = { ...draft, invariants, expectations };
  return { ...record, digest: digestOf(record, ending.traceDigest) };
}

/** The digest leaves out drawn pictures, whose letters follow the fonts of the machine. */
function recordOfFootage(world: World, ground: FootageGround, ending: Ending): ReplayRecord {
  const base = baseOf(world, ending);
  const draft = {
    ...base,
    ...figuresOfFootage(world, ground),
    components: [...base.components, { component: 'faces', what: ground.facesFrom }],
    frames: ground.settings.session.pictures ? base.frames : [],
    warnings: [...base.warnings, ...ground.warnings],
  };
  const invariants = ending.complete ? [...checkInvariants(world, draft)] : [];
  const expectations = ending.complete ? [...ground.expectations()] : [];
  const record = { ...draft, invariants, expectations };
  const {
    command: _command,
    tracks: _tracks,
    worstFrames: _worst,
    moments: _moments,
    ...replay
  } = record.replay;
  return { ...record, digest: digestOf({ ...record, replay }, ending.traceDigest) };
}

/** Over the trace and everything in the record that neither the machine nor the fidelity may change. */
function digestOf<Record extends Base & Pick<RunRecord, 'expectations'>>(
  record: Record,
  traceDigest: string,
): string {
  const { wallClock: _wallClock, fidelity: _fidelity, components: _components, scenario, ...rest } = record;
  const { file: _file, ...what } = scenario;
  // Into how many deliveries a hub cuts a reader's events follows the protocol's credit.
  const links = rest.links.map(({ messages: _messages, ...link }) => link);
  const expectations = rest.expectations.map(({ at: _at, ...expectation }) => expectation);
  return createHash('sha256')
    .update(traceDigest)
    .update(JSON.stringify({ ...rest, expectations, links, scenario: what }))
    .digest('hex');
}

const iso = (ms: number) => new Date(ms).toISOString();

function baseOf(world: World, ending: Ending): Base {
  const { scenario, settings, collector, services, cameras, dashboard } = world;
  return {
    schemaVersion: 1,
    tool: { name: 'footfall', version: toolVersion() },
    scenario: {
      name: scenario.document.name,
      file: relative(process.cwd(), scenario.file),
      description: scenario.document.description,
      storeId: scenario.storeId,
      startAt: iso(scenario.startMs),
      timeZone: scenario.timeZone,
    },
    seed: scenario.seed,
    fidelity: settings.fidelity,
    vision: settings.vision,
    mutation: settings.mutation,
    complete: ending.complete,
    virtualSeconds: ending.virtualMs / 1_000,
    wallClock: ending.wallClock,
    components: componentsOf(world),
    windows: dashboard.rows.map((row) => ({ ...row })) as RunRecord['windows'],
    attribution: collector.attributionRows,
    latency: LATENCY_STAGES.map((stage) => collector.latencies[stage].percentiles(stage)),
    stages: stagesOf(world),
    links: LINK_NAMES.map((name) => services.links[name].figures()),
    faults: faultsOfRecord(scenario, world.faultEffects),
    twinChanges: twinChangesOfRecord(scenario),
    faceFixture: faceFixtureOf(world),
    backlogs: world.backlogs.toRecord(),
    privacy: privacyOf(world),
    devices: cameras.map((camera) => deviceOf(world, camera)),
    frames: ending.frames,
    warnings: [
      ...scenario.warnings,
      ...faceWarnings(services.faceApi),
      ...[...collector.warnings].map(([message, times]) =>
        times === 1 ? message : `${message} (${times} times)`,
      ),
    ],
    ...functionLogOf(collector.functionLog),
  };
}

function functionLogOf(lines: readonly LogLine[]): Pick<RunRecord, 'functionLog'> {
  if (lines.length === 0) return {};
  return {
    functionLog: lines.slice(-MOST_LOG_LINES).map(({ atMs, functionName, invocationId, level, message }) => ({
      at: iso(atMs),
      level,
      function: functionName ?? '',
      invocationId: invocationId ?? '',
      message,
    })),
  };
}

function componentsOf({ settings, backends }: World): RunRecord['components'] {
  const backend = [...new Set(backends.values())].join(', ');
  const detector = settings.vision === 'pixels' ? `${backend} (${nativePackageNote()})` : backend;
  return [
    { component: 'node', what: process.version },
    { component: 'blob storage', what: settings.blob === 'azurite' ? 'Azurite' : 'in memory' },
    { component: 'detector', what: backend === '' ? 'none' : detector },
  ];
}

/** Why the native backend did not serve: whoever compares speeds should not have to guess. */
function nativePackageNote(): string {
  return isNativePackageInstalled()
    ? `${NATIVE_PACKAGE} is installed, but not used: its results differ in the last digits`
    : `${NATIVE_PACKAGE} is not installed`;
}

function privacyOf({ scenario, collector, premises, blobs, dashboard }: World): RunRecord['privacy'] {
  const deleted = blobs.figures().find(({ stage }) => stage.includes('delete'))?.out ?? 0;
  return {
    kAnonymity: scenario.document.privacy.kAnonymity,
    picturesTaken: collector.pictures,
    picturesDeleted: deleted + premises.retention.deleted,
    picturesLeft: Math.max(0, collector.uploaded - deleted - premises.retention.deleted),
    rowsWithheld: dashboard.rowsWithheld,
    rowsThinned: dashboard.rowsThinned,
    pseudonymSaltRotation: 'daily',
  };
}

function faceWarnings({ unsupported }: World['services']['faceApi']): readonly string[] {
  if (unsupported === 0) return [];
  return [
    `the Face API refused ${unsupported} requests: they ask for what is retired, or needs an approval (UnsupportedFeature)`,
  ];
}

function faceFixtureOf({ scenario, services }: World): RunRecord['faceFixture'] {
  const file = scenario.document.face.fixture;
  if (file === undefined) return null;
  const { used, usedAsNearest, unused, stale, unmatched, recordings } = services.faceApi.coverage();
  return {
    file,
    recordings,
    used: [...used],
    usedAsNearest: [...usedAsNearest],
    unused: [...unused],
    stale: [...stale],
    unmatched: [...unmatched],
  };
}

function deviceOf(world: World, { mount, kit }: World['cameras'][number]): RunRecord['devices'][number] {
  const { edgeHub, looks, module } = kit.figures();
  const { iotHub } = world.services;
  const name = iotHub.registry.modulesOf(mount.id).find((id) => !id.startsWith('$'));
  const reported = name === undefined ? {} : world.reportedBy(`${mount.id}/${name}`);
  return {
    deviceId: mount.id,
    state: module === null ? 'not configured' : 'running',
    model: world.backends.get(mount.id) ?? null,
    modelRefused: refusedModel(reported),
    looks,
    pictures: module?.captured ?? 0,
    messages: edgeHub.upstream,
    uploadsRetried: module?.pictures.retried ?? 0,
    peakQueue: module?.pictures.peakQueue ?? 0,
    dropped: module?.pictures.dropped ?? 0,
    reported,
  };
}

/** Why the device keeps the model that it has, by its own report. */
function refusedModel({ ModelError: reason }: Readonly<Record<string, unknown>>): string | null {
  return typeof reason === 'string' ? reason : null;
}

/** What must hold in every run, whatever the scenario: a broken one is a fault of a stage, not a matter of taste. */
import { DEMOGRAPHIC_COLUMNS } from '../../../pipeline/anonymization/index.js';
import type { Check, RunRecord } from '../../../reports/run-record.js';
import { isExplained } from '../truth/attribution.js';
import type { World } from '../world/world.js';

/** What of a record the invariants speak of. */
type Judged = Pick<RunRecord, 'attribution' | 'windows' | 'privacy'>;

type Invariant = (world: World, record: Judged) => Check;

const pass = (name: string, message: string): Check => ({ name, ok: true, message, stage: null });
const verdict = (name: string, ok: boolean, message: string, stage: string): Check => ({
  name,
  ok,
  message,
  stage: ok ? null : stage,
});

const everyDifferenceIsExplained: Invariant = (_world, { attribution }) => {
  const unexplained = attribution.filter((row) => !isExplained(row));
  const [first] = unexplained;
  const name = 'every difference from the truth has a cause';
  if (first === undefined) return pass(name, `${attribution.length} rows of windows add up`);
  const where = `${first.quantity} in ${first.section}, window ending ${first.windowEnd}`;
  return verdict(
    name,
    false,
    `${unexplained.length} of ${attribution.length} rows do not add up, first: ${where}: truth ${first.truth}, measured ${first.measured}`,
    'windowing',
  );
};

const noPictureIsLost: Invariant = ({ collector, premises, cameras }) => {
  const waiting = cameras.reduce((total, { kit }) => total + (kit.figures().module?.pictures.queued ?? 0), 0);
  const poisoned = premises.host.poisonMessages().length;
  const known =
    collector.analysedPictures +
    waiting +
    poisoned +
    collector.devicePicturesLost +
    premises.retention.deleted;
  const missing = collector.pictures - known;
  return verdict(
    'no picture disappears',
    missing === 0,
    `${collector.pictures} taken: ${collector.analysedPictures} analysed, ${waiting} waiting, ${poisoned} given up, ${collector.devicePicturesLost} dropped by a full camera, ${missing} unaccounted for`,
    'functions-host',
  );
};

const noEventIsLost: Invariant = ({ services, collector }) => {
  const [incoming] = services.eventHubs.figures();
  const enqueued = incoming?.out ?? 0;
  return verdict(
    'every event that Event Hubs took reached the query',
    enqueued === collector.eventsArrived,
    `${enqueued} taken, ${collector.eventsArrived} read`,
    'event-hubs',
  );
};

const rowsComeOnce: Invariant = (_world, { windows }) => {
  const seen = new Set<string>();
  const again = windows.filter((row) => {
    const key = `${row.windowEnd} ${row.storeId} ${row.section}`;
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  });
  const ends = windows.map(({ windowEnd }) => String(windowEnd));
  const backwards = ends.findIndex((end, index) => index > 0 && end < (ends[index - 1] ?? ''));
  return verdict(
    'window rows come once and in order',
    again.length === 0 && backwards === -1,
    backwards === -1
      ? `${windows.length} rows, ${again.length} of them twice`
      : `the row of ${ends[backwards]} came after that of ${ends[backwards - 1]}`,
    'windowing',
  );
};

const rowsReachTheDashboard: Invariant = ({ dashboard }) =>
  verdict(
    'every row reaches the dashboard or is withheld by policy',
    dashboard.queued === 0 && dashboard.rows.length + dashboard.rowsWithheld === dashboard.rowsEmitted,
    `${dashboard.rowsEmitted} rows: ${dashboard.rows.length - dashboard.queued} shown, ${dashboard.rowsWithheld} withheld, ${dashboard.queued} waiting`,
    'power-bi',
  );

const analysedPicturesAreDeleted: Invariant = ({ collector }, { privacy }) => {
  const due = collector.pictures - collector.unanalysedPictures;
  return verdict(
    'a picture that was analysed is deleted',
    privacy.picturesDeleted >= due,
    `${due} analysed, ${privacy.picturesDeleted} deleted`,
    'analyze-faces',
  );
};

const nothingElseLeaves: Invariant = ({ collector: { leaks } }) =>
  verdict(
    'nothing but the allow-list leaves the premises',
    leaks.size === 0,
    leaks.size === 0 ? 'no event carries a field beyond it' : `an event carries ${[...leaks].join(', ')}`,
    'anonymization',
  );

const everyPictureIsKnown: Invariant = ({ services }) =>
  verdict(
    'the Face stand-in knows every picture',
    services.faceApi.unmatched === 0,
    `${services.faceApi.unmatched} requests matched no recording`,
    'face-api',
  );

const everyCameraSees: Invariant = ({ cameras, backends }) => {
  const blind = cameras.filter(({ mount }) => !backends.has(mount.id)).map(({ mount }) => mount.id);
  return verdict(
    'every camera configured itself and sees',
    blind.length === 0,
    blind.length === 0 ? `${cameras.length} of ${cameras.length}` : `without a model: ${blind.join(', ')}`,
    'devkit',
  );
};

const camerasKeepTheirDelay: Invariant = ({ captures, collector }) =>
  verdict(
    'cameras keep their message delay',
    captures.tooSoon === 0,
    captures.firstTooSoon === null
      ? `${collector.pictures} pictures, none too soon`
      : `${captures.tooSoon} of ${collector.pictures} pictures came too soon, the first when ${captures.firstTooSoon}`,
    'camera-module',
  );

const picturesBearTheirTime: Invariant = ({ captures, collector }) =>
  verdict(
    'a picture bears the time at which it was taken',
    captures.mistimed === 0,
    `${captures.mistimed} of ${collector.pictures} pictures bear another`,
    'camera-module',
  );

/** An upload whose answer a fault cut off is made again, when the first picture may be analysed and gone. */
const picturesAreStoredOnce: Invariant = ({ cameras, scenario, collector }) => {
  const retried = cameras.reduce((sum, { kit }) => sum + (kit.figures().module?.pictures.retried ?? 0), 0);
  const again = retried + scenario.document.faults.length * cameras.length;
  return verdict(
    'blob storage gets every picture once',
    collector.picturesWritten <= collector.pictures + again,
    `${collector.pictures} taken, ${collector.picturesWritten} written, at most ${again} of them again`,
    'camera-module',
  );
};

/**
 * At least once is what the protocol promises: what a device sent again may come twice, and what was on its way when
 * a fault ended the device or its link.
 */
const messagesComeOnce: Invariant = ({ cameras, scenario, services }) => {
  const hubs = cameras.map(({ kit }) => kit.figures().edgeHub);
  const total = (read: (hub: (typeof hubs)[number]) => number) =>
    hubs.reduce((sum, hub) => sum + read(hub), 0);
  const handedOver = total(({ upstream }) => upstream);
  const cutShort = scenario.document.faults.length * cameras.length;
  const sentAgain = total(({ retried, queued }) => retried + queued) + cutShort;
  const taken = services.iotHub.telemetry.figures().out;
  return verdict(
    'IoT Hub takes every message once',
    taken >= handedOver && taken <= handedOver + sentAgain,
    `${handedOver} handed over, ${taken} taken, at most ${sentAgain} of them again`,
    'camera-module',
  );
};

const smallGroupsAreWithheld: Invariant = ({ scenario, dashboard }) => {
  const { kAnonymity: k } = scenario.document.privacy;
  const telling = dashboard.rows.filter(
    (row) => Number(row.faces) < k && DEMOGRAPHIC_COLUMNS.some((column) => (row[column] ?? null) !== null),
  );
  return verdict(
    'no row tells of a group smaller than k',
    k <= 1 || telling.length === 0,
    `${telling.length} of ${dashboard.rows.length} rows tell who fewer than ${k} were`,
    'anonymization',
  );
};

const rowsAreHeldOnce: Invariant = ({ collector, dashboard }) => {
  const shown = dashboard.rows.length - dashboard.queued;
  return verdict(
    'Power BI holds every row once',
    collector.rowsPushed === shown,
    `${shown} rows to show, ${collector.rowsPushed} taken`,
    'power-bi',
  );
};

const INVARIANTS: readonly Invariant[] = [
  everyDifferenceIsExplained,
  noPictureIsLost,
  noEventIsLost,
  rowsComeOnce,
  rowsReachTheDashboard,
  analysedPicturesAreDeleted,
  nothingElseLeaves,
  everyPictureIsKnown,
  everyCameraSees,
  camerasKeepTheirDelay,
  picturesBearTheirTime,
  picturesAreStoredOnce,
  messagesComeOnce,
  smallGroupsAreWithheld,
  rowsAreHeldOnce,
];

export function checkInvariants(world: World, record: Judged): readonly Check[] {
  return INVARIANTS.map((invariant) => invariant(world, record));
}

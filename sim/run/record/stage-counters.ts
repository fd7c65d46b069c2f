/** What went through each stage of a world, in the order of the pipeline. */
import type { RunRecord, StageRow } from '../../../reports/run-record.js';
import type { World } from '../world/world.js';

export function stagesOf({ cameras, services, premises, blobs, job }: World): RunRecord['stages'] {
  const modules = cameras.flatMap(({ kit }) => kit.figures().module ?? []);
  const total = (read: (module: (typeof modules)[number]) => number) =>
    modules.reduce((sum, module) => sum + read(module), 0);
  const most = (read: (module: (typeof modules)[number]) => number) => Math.max(0, ...modules.map(read));
  const hubs = cameras.map(({ kit }) => kit.figures().edgeHub);
  const hubTotal = (read: (hub: (typeof hubs)[number]) => number) =>
    hubs.reduce((sum, hub) => sum + read(hub), 0);
  const { stats } = job;
  const idle = { retried: 0, queued: 0, peakQueue: 0, utilisation: null };
  return [
    {
      stage: 'cameras',
      in: total(({ heard }) => heard),
      out: total(({ captured }) => captured),
      dropped: 0,
      ...idle,
    },
    {
      stage: 'camera uploads',
      in: total(({ pictures }) => pictures.in),
      out: total(({ pictures }) => pictures.out),
      dropped: total(({ pictures }) => pictures.dropped),
      retried: total(({ pictures }) => pictures.retried),
      queued: total(({ pictures }) => pictures.queued),
      peakQueue: most(({ pictures }) => pictures.peakQueue),
      utilisation: null,
    },
    {
      stage: 'edge hubs',
      in: hubTotal(({ in: taken }) => taken),
      out: hubTotal(({ out }) => out),
      dropped: hubTotal(({ dropped, unrouted }) => dropped + unrouted),
      retried: hubTotal(({ retried }) => retried),
      queued: hubTotal(({ queued }) => queued),
      peakQueue: Math.max(0, ...hubs.map(({ peakQueue }) => peakQueue)),
      utilisation: null,
    },
    services.iotHub.telemetry.figures(),
    ...blobs.figures(),
    ...premises.host.figures(),
    services.faceApi.figures(),
    ...services.eventHubs.figures(),
    { stage: 'stream analytics', in: stats.eventsIn, out: stats.rowsOut, dropped: stats.dropped, ...idle },
    ...services.powerBi.figures(),
  ];
}

/** The few counters that a person watches while a run goes on. */
export function summariseStages({ collector, ground, dashboard }: World): StageRow[] {
  const row = (stage: string, out: number): StageRow => ({
    stage,
    in: out,
    out,
    dropped: 0,
    retried: 0,
    queued: 0,
    peakQueue: 0,
    utilisation: null,
  });
  return [
    row('looks', ground.witness.looks),
    row('pictures', collector.pictures),
    row('analysed', collector.analysedPictures),
    row('events', collector.eventsArrived),
    row('rows', dashboard.rows.length),
  ];
}

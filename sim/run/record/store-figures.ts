/** What a simulated store adds to its run's record: who came, and what stands where. */
import { AGE_BANDS } from '../../../pipeline/boundaries.js';
import type { RunRecord } from '../../../reports/run-record.js';
import { footprintOf } from '../../camera/footprint.js';
import type { StoreGround } from '../world/store-ground.js';
import type { World } from '../world/world.js';

const iso = (ms: number) => new Date(ms).toISOString();

export function truthOf({ collector, scenario }: World, { store }: StoreGround): RunRecord['truth'] {
  const totals = store.totals();
  const { people } = store;
  return {
    shoppers: totals.persons,
    visits: totals.visits,
    parties: totals.parties,
    returning: totals.returningVisits,
    meanVisitSeconds: people.meanVisitSeconds(),
    footfallByWindow: collector.truthWindows
      .filter(({ endMs }) => endMs > scenario.startMs)
      .map(({ endMs, entered, inside }) => ({ windowEnd: iso(endMs), entered, inside })),
    females: people.females,
    males: people.males,
    byAgeBand: Object.fromEntries(AGE_BANDS.map((band) => [band, people.byAgeBand.get(band) ?? 0])),
  };
}

export function storeOf({ scenario }: World, { store }: StoreGround): RunRecord['store'] {
  const { plan } = scenario;
  const { heat } = store.totals();
  return {
    name: plan.name,
    widthMetres: plan.widthMetres,
    depthMetres: plan.depthMetres,
    walls: [...plan.walls],
    entrances: [...plan.entrances],
    sections: plan.sections.map(({ id, name, area }) => ({ id, name, area: [...area] })),
    displays: plan.displays.map(({ id, name, kind, at, widthMetres, depthMetres }) => ({
      id,
      name,
      kind,
      at,
      widthMetres,
      depthMetres,
    })),
    cameras: plan.cameras.map((camera) => ({
      id: camera.id,
      section: camera.section,
      at: camera.at,
      headingDegrees: camera.headingDegrees,
      fieldOfViewDegrees: camera.fieldOfViewDegrees,
      view: [...footprintOf(camera, plan)],
    })),
    heat: {
      columns: heat.columns,
      rows: heat.rows,
      cellMetres: heat.cellMetres,
      personSeconds: Array.from(heat.seconds, (seconds) => Math.round(seconds * 10) / 10),
    },
  };
}

export function displaysOf({ scenario }: World, { store }: StoreGround): RunRecord['displays'] {
  return store.totals().displays.map(({ display, dwells, dwellMs, reactions }) => {
    const { name = display, section = '' } = scenario.plan.displays.find(({ id }) => id === display) ?? {};
    const meanDwellSeconds = dwells === 0 ? 0 : Math.round(dwellMs / dwells / 100) / 10;
    return { display, name, section, dwells, meanDwellSeconds, reactions: { ...reactions } };
  });
}

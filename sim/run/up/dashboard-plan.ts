import type { StorePlan } from '../../power-bi/index.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import type { Point } from '../../store/plan/floor-plan.js';

/** What the live page draws of a scenario's store, and where its displays are. */
export function dashboardPlan({ plan, storeId }: Scenario): StorePlan {
  const pair = ({ x, y }: Point) => [x, y] as const;
  return {
    storeId,
    widthMetres: plan.widthMetres,
    depthMetres: plan.depthMetres,
    sections: plan.sections.map(({ id, name, area }) => ({ id, name, area: area.map(pair) })),
    displays: plan.displays.map(({ id, name, section }) => ({ id, name, section })),
    walls: plan.walls.map(({ from, to }) => ({ from: pair(from), to: pair(to) })),
  };
}

/**
 * How fast shoppers walk: agent-steps a second of processor time, at 0.25 people/m², all of them walking. Processor
 * time, because a core that is lent to others for a while makes nobody walk more slowly.
 */
import { randomSource } from '../kernel/random.js';
import { ClearanceField } from '../store/plan/clearance-field.js';
import { STEP_SECONDS } from '../store/simulation.js';
import { Crowd } from '../store/walking/crowd.js';
import { NeighbourGrid } from '../store/walking/neighbour-grid.js';
import { Steering } from '../store/walking/steering.js';
import type { Bench } from './bench.js';

const PEOPLE_PER_SQUARE_METRE = 0.25;
const AGENT_STEPS = 500_000;
/** The best round counts: the others compiled, or shared the caches with somebody. */
const ROUNDS = 8;
const WARM_UP_STEPS = 200;
/** So near to its goal, a body takes another. */
const REACHED_METRES = 0.5;

export const storeBench: Bench = {
  name: 'store',
  summary: 'agent-steps a second of shoppers who walk from place to place',
  async run(report, progress) {
    for (const agents of [10, 100, 1_000, 10_000]) {
      const stepsPerSecond = measure(agents);
      report({
        metric: `store.agents${agents}.stepsPerSecond`,
        value: Math.round(stepsPerSecond),
        unit: '1/s',
      });
      progress(`${agents} shoppers: ${(stepsPerSecond / 1e6).toFixed(2)} million agent-steps/s`);
    }
  },
};

/** Random places to walk to, no obstacles: the set-up in which other engines are measured. */
function measure(agents: number): number {
  const side = Math.sqrt(agents / PEOPLE_PER_SQUARE_METRE);
  const random = randomSource('bench')('store');
  const place = (): number => random.between(0.5, side - 0.5);
  const crowd = new Crowd(agents);
  for (let party = 0; party < agents; party++) {
    const desiredMetresPerSecond = Math.min(Math.max(random.normal(1.34, 0.26), 0.6), 2);
    const slot = crowd.add({
      x: place(),
      y: place(),
      directionX: 1,
      directionY: 0,
      desiredMetresPerSecond,
      party,
    });
    crowd.walkTo(slot, place(), place(), false);
  }
  const steering = new Steering(crowd, new NeighbourGrid(side, side), new ClearanceField(side, side, []));
  const step = (): void => {
    steering.step(STEP_SECONDS);
    for (let slot = 0; slot < agents; slot++) {
      const dx = (crowd.goalX[slot] ?? 0) - (crowd.x[slot] ?? 0);
      const dy = (crowd.goalY[slot] ?? 0) - (crowd.y[slot] ?? 0);
      if (dx * dx + dy * dy < REACHED_METRES * REACHED_METRES) crowd.walkTo(slot, place(), place(), false);
    }
  };
  for (let n = 0; n < WARM_UP_STEPS; n++) step();
  const steps = Math.max(50, Math.round(AGENT_STEPS / agents));
  const rounds = Array.from({ length: ROUNDS }, () => {
    const began = process.cpuUsage();
    for (let n = 0; n < steps; n++) step();
    const { user, system } = process.cpuUsage(began);
    return (agents * steps * 1e6) / (user + system);
  });
  return Math.max(...rounds);
}

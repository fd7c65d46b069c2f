/** The floor plans that come with the product, for tests. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { FloorPlan } from './plan/floor-plan.js';
import { floorPlanSchema } from './plan/floor-plan-schema.js';

export function storeNamed(name: 'corner-shop' | 'flagship'): FloorPlan {
  const file = new URL(`../../scenarios/stores/${name}.yaml`, import.meta.url);
  return floorPlanSchema.parse(parse(readFileSync(file, 'utf8')));
}

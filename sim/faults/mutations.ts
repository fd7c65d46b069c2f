/** The mutation catalogue. */
import { ANALYSIS_MUTATIONS } from './analysis-mutations.js';
import { CAMERA_MUTATIONS } from './camera-mutations.js';
import type { Mutation } from './mutation.js';
import { SOUND_PARTS, type SolutionParts } from './solution-parts.js';
import { WINDOW_MUTATIONS } from './window-mutations.js';

export const MUTATIONS: readonly Mutation[] = [
  ...CAMERA_MUTATIONS,
  ...ANALYSIS_MUTATIONS,
  ...WINDOW_MUTATIONS,
];

export function findMutation(id: string): Mutation | undefined {
  return MUTATIONS.find((mutation) => mutation.id === id);
}

/** The solution with the fault of that id planted; null plants none. Throws `RangeError` for an unknown id. */
export function solutionWith(id: string | null): SolutionParts {
  if (id === null) return SOUND_PARTS;
  const mutation = findMutation(id);
  if (mutation === undefined) throw new RangeError(`there is no mutation ${id}`);
  return mutation.plant(SOUND_PARTS);
}

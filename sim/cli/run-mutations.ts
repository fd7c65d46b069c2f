/** The planted faults of `footfall run --mutate`. */
import pc from 'picocolors';
import { findMutation, MUTATIONS } from '../faults/mutations.js';
import { nearest } from '../scenario/check-document.js';
import { BadInputError } from '../scenario/input-problem.js';
import type { Scenario } from '../scenario/load-scenario.js';

/** For people: what each plants, and what is to catch it. */
export function mutationList(): string {
  return MUTATIONS.map(
    ({ id, stage, plants, caughtBy }) =>
      `${pc.bold(id)} ${pc.dim(`(${stage})`)}\n  ${plants}\n  caught by: ${caughtBy}\n`,
  ).join('');
}

/** The id of the fault to plant; null for none. Throws `BadInputError` when there is none such, or no place for it. */
export function mutationOf(options: { readonly mutate?: string }, scenario: Scenario): string | null {
  const { mutate: id } = options;
  if (id === undefined) return null;
  const mutation = findMutation(id);
  if (mutation === undefined) {
    const ids = MUTATIONS.map((known) => known.id);
    throw usageProblem(`there is no mutation '${id}'`, `one of ${ids.join(', ')}`, nearest(id, ids) ?? null);
  }
  const { functionsFolder, queryFile } = scenario;
  if (functionsFolder !== null && ['analyze-faces', 'anonymization'].includes(mutation.stage))
    throw usageProblem(`'${id}' is planted in the Function, and the scenario brings its own`, null, null);
  if (queryFile !== null && mutation.stage === 'windowing')
    throw usageProblem(`'${id}' is planted in the query, and the scenario brings its own`, null, null);
  return id;
}

function usageProblem(message: string, expected: string | null, suggestion: string | null): BadInputError {
  return new BadInputError([
    { code: 'FF_MUTATION', file: '--mutate', line: null, column: null, message, expected, suggestion },
  ]);
}

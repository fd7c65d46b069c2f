/** What is wrong with the files of the solution that a scenario names, found before anything runs. */
import { existsSync, readFileSync } from 'node:fs';
import { planQuery, QueryError } from '../../pipeline/windowing/job.js';
import type { InputProblem } from './input-problem.js';
import { BadInputError } from './input-problem.js';
import { parseLocated } from './located-document.js';

/** Problems of a Stream Analytics query, each at its line and column. */
export function queryProblems(file: string | null): readonly InputProblem[] {
  if (file === null || !existsSync(file)) return [];
  try {
    planQuery({ query: readFileSync(file, 'utf8'), queryFile: file });
    return [];
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { code, line, column, message, expected, suggestion } = error;
    return [
      { code, file, line, column, message, expected: expected ?? null, suggestion: suggestion ?? null },
    ];
  }
}

/** Problems of a deployment manifest: it must be JSON and hold `modulesContent`. */
export function manifestProblems(file: string | null): readonly InputProblem[] {
  if (file === null || !existsSync(file)) return [];
  try {
    const manifest = parseLocated(readFileSync(file, 'utf8'), file);
    if (typeof (manifest.value as { modulesContent?: unknown } | null)?.modulesContent === 'object')
      return [];
    return [
      manifest.problemAt([], {
        code: 'FF_MANIFEST_CONTENT',
        message: "the deployment manifest has no 'modulesContent'",
        expected: "a map of modules' desired properties, as IoT Edge documents it",
      }),
    ];
  } catch (error) {
    if (error instanceof BadInputError) return error.problems;
    throw error;
  }
}

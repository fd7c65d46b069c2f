import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DateTime } from 'luxon';
import type { FloorPlan } from '../store/plan/floor-plan.js';
import { floorPlanProblems } from '../store/plan/floor-plan-checks.js';
import { floorPlanDocumentSchema, floorPlanFrom } from '../store/plan/floor-plan-schema.js';
import type { PlanProblem } from '../store/plan/plan-problem.js';
import type { Traffic } from '../store/visits/traffic.js';
import { trafficFrom, trafficProblems } from '../store/visits/traffic-schema.js';
import { checkDocument, nearest } from './check-document.js';
import { faceProblems } from './face-problems.js';
import { BadInputError, formatProblem, type InputProblem } from './input-problem.js';
import { type LocatedDocument, readDocument } from './located-document.js';
import { manifestWarnings } from './manifest-warnings.js';
import { type ScenarioDocument, scenarioDocumentSchema } from './schema.js';
import { manifestProblems, queryProblems } from './solution-problems.js';

/** A scenario that passed every check, its paths absolute and its times in epoch milliseconds. */
export interface Scenario {
  readonly file: string;
  readonly document: ScenarioDocument;
  readonly storeId: string;
  readonly seed: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly timeZone: string;
  readonly plan: FloorPlan;
  readonly traffic: Traffic;
  readonly planFile: string;
  /** Files of the solution under test; null: the one that footfall ships. */
  readonly manifestFile: string | null;
  readonly queryFile: string | null;
  readonly functionsFolder: string | null;
  /** Recordings of a Face API. */
  readonly faceFixtureFile: string | null;
  /** What is unwise but not wrong, one line each. */
  readonly warnings: readonly string[];
  /** `file:line:column` of the expectation with that key. */
  readonly expectationAt: Readonly<Record<string, string>>;
}

export interface ScenarioOverrides {
  readonly seed?: string | undefined;
}

/** Reads a scenario and its floor plan. Throws `BadInputError` with every problem found. */
export function loadScenario(file: string, overrides: ScenarioOverrides = {}): Scenario {
  const located = readDocument(file);
  const document = checkDocument(located, scenarioDocumentSchema);
  const planFile = resolve(dirname(file), document.store);
  const { plan, warnings } = loadFloorPlan(planFile, located);
  const startMs = startOf(document, located);
  const pathOf = (part: 'manifest' | 'query' | 'functions') => {
    const path = document.solution[part];
    return path === undefined ? null : resolve(dirname(file), path);
  };
  const fixture = document.face.fixture;
  const faceFixtureFile = fixture === undefined ? null : resolve(dirname(file), fixture);
  const traffic = trafficFrom(document.traffic);
  const problems = [
    ...solutionProblems(document, located, pathOf),
    ...modelProblems(document, located),
    ...queryProblems(pathOf('query')),
    ...manifestProblems(pathOf('manifest')),
    ...faceProblems(document, located, faceFixtureFile),
    ...referenceProblems(document, located, plan),
    ...trafficProblems(traffic, plan).map((problem) =>
      place({ ...problem, path: ['traffic', ...problem.path] }, located),
    ),
  ];
  if (problems.length > 0) throw new BadInputError(problems);
  return {
    file,
    document,
    storeId: document.storeId ?? document.name,
    seed: overrides.seed ?? String(document.seed),
    startMs,
    durationMs: document.time.duration,
    timeZone: document.time.timeZone,
    plan,
    traffic,
    planFile,
    manifestFile: pathOf('manifest'),
    queryFile: pathOf('query'),
    functionsFolder: pathOf('functions'),
    faceFixtureFile,
    warnings: [...warnings, ...manifestWarningsOf(document, pathOf('manifest'))],
    expectationAt: expectationPlaces(document, located),
  };
}

function manifestWarningsOf({ solution }: ScenarioDocument, file: string | null): readonly string[] {
  return file === null ? [] : manifestWarnings(file, solution.manifest ?? file);
}

function loadFloorPlan(file: string, from: LocatedDocument): { plan: FloorPlan; warnings: string[] } {
  let located: LocatedDocument;
  try {
    located = readDocument(file);
  } catch (error) {
    if (!(error instanceof BadInputError) || error.problems[0]?.code !== 'FF_FILE_UNREADABLE') throw error;
    throw new BadInputError([
      from.problemAt(['store'], {
        code: 'FF_SCENARIO_STORE_MISSING',
        message: `the floor plan ${file} cannot be read: ${error.problems[0].message}`,
        expected: 'the path of a floor plan, relative to this file',
      }),
    ]);
  }
  const plan = floorPlanFrom(checkDocument(located, floorPlanDocumentSchema));
  const problems = floorPlanProblems(plan);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new BadInputError(errors.map((problem) => place(problem, located)));
  return { plan, warnings: problems.map((problem) => formatProblem(place(problem, located))) };
}

function place(problem: PlanProblem, located: LocatedDocument): InputProblem {
  const { path, code, message, expected, suggestion } = problem;
  return located.problemAt(path, { code, message, expected, suggestion });
}

function startOf(document: ScenarioDocument, located: LocatedDocument): number {
  const { start, timeZone } = document.time;
  const local = DateTime.fromISO(start, { zone: timeZone });
  if (local.isValid) return local.toMillis();
  const badZone = local.invalidReason === 'unsupported zone';
  throw new BadInputError([
    located.problemAt(['time', badZone ? 'timeZone' : 'start'], {
      code: 'FF_SCENARIO_TIME',
      message: badZone ? `there is no time zone '${timeZone}'` : `'${start}' is not a date and time`,
      expected: badZone ? 'an IANA name such as Europe/London' : 'a local time such as 2026-03-07T09:00',
    }),
  ]);
}

/** Files of the solution that are not there. */
function solutionProblems(
  document: ScenarioDocument,
  located: LocatedDocument,
  pathOf: (part: 'manifest' | 'query' | 'functions') => string | null,
): InputProblem[] {
  return (['manifest', 'query', 'functions'] as const).flatMap((part) => {
    const path = pathOf(part);
    if (path === null || existsSync(path)) return [];
    return [
      located.problemAt(['solution', part], {
        code: 'FF_SCENARIO_SOLUTION_MISSING',
        message: `there is no ${document.solution[part]}`,
        expected: part === 'functions' ? 'a folder, relative to this file' : 'a file, relative to this file',
      }),
    ];
  });
}

/** Model zips that are not there. One that is there but of no use is for the devices to refuse. */
function modelProblems({ twinChanges }: ScenarioDocument, located: LocatedDocument): InputProblem[] {
  return twinChanges.flatMap(({ model }, i) => {
    if (model === undefined || !('zip' in model) || existsSync(resolve(dirname(located.file), model.zip)))
      return [];
    return [
      located.problemAt(['twinChanges', i, 'model', 'zip'], {
        code: 'FF_SCENARIO_MODEL_MISSING',
        message: `there is no ${model.zip}`,
        expected: 'a model zip, relative to this file',
      }),
    ];
  });
}

/** Names in the scenario that lead to nothing in the store. */
function referenceProblems(
  document: ScenarioDocument,
  located: LocatedDocument,
  plan: FloorPlan,
): InputProblem[] {
  const cameras = plan.cameras.map(({ id }) => id);
  const sections = plan.sections.map(({ id }) => id);
  const unknown = (path: (string | number)[], what: string, id: string, known: string[]) =>
    known.includes(id)
      ? []
      : [
          located.problemAt(path, {
            code: `FF_SCENARIO_UNKNOWN_${what.toUpperCase()}`,
            message: `the store has no ${what} '${id}'`,
            expected: `one of ${known.join(', ')}`,
            suggestion: nearest(id, known),
          }),
        ];
  return [
    ...document.faults.flatMap((fault, i) =>
      'camera' in fault && fault.camera !== undefined
        ? unknown(['faults', i, 'camera'], 'camera', fault.camera, cameras)
        : [],
    ),
    ...document.twinChanges.flatMap(({ camera }, i) =>
      camera === undefined ? [] : unknown(['twinChanges', i, 'camera'], 'camera', camera, cameras),
    ),
    ...document.expect.windows.flatMap(({ section }, i) =>
      unknown(['expect', 'windows', i, 'section'], 'section', section, sections),
    ),
  ];
}

function expectationPlaces(document: ScenarioDocument, located: LocatedDocument): Record<string, string> {
  return Object.fromEntries(
    Object.keys(document.expect).map((key) => {
      const { file, line, column } = located.problemAt(['expect', key], {
        code: '',
        message: '',
        atKey: true,
      });
      return [key, `${file}:${line ?? 1}:${column ?? 1}`];
    }),
  );
}

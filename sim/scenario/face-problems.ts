/** What is wrong with what a scenario says of the Face API, found before anything runs. */
import { readFileSync } from 'node:fs';
import { ROUTES } from '../face-api/operations/routes.js';
import { FixtureError, parseFixture } from '../face-api/recordings/fixture-file.js';
import { nearest } from './check-document.js';
import type { InputProblem } from './input-problem.js';
import type { LocatedDocument } from './located-document.js';
import type { ScenarioDocument } from './schema.js';

export function faceProblems(
  document: ScenarioDocument,
  located: LocatedDocument,
  fixtureFile: string | null,
): readonly InputProblem[] {
  return [...fixtureProblems(located, fixtureFile), ...faultProblems(document, located)];
}

function fixtureProblems(located: LocatedDocument, file: string | null): readonly InputProblem[] {
  if (file === null) return [];
  try {
    parseFixture(readFileSync(file, 'utf8'));
    return [];
  } catch (error) {
    const reason = error instanceof FixtureError ? error.message : 'it cannot be read';
    return [
      located.problemAt(['face', 'fixture'], {
        code: 'FF_FACE_FIXTURE',
        message: `${file} is no fixture: ${reason}`,
        expected: 'a file that footfall record wrote, relative to this file',
      }),
    ];
  }
}

/** Replicas and operations that are not there. */
function faultProblems(
  { capacity, faults }: ScenarioDocument,
  located: LocatedDocument,
): readonly InputProblem[] {
  return faults.flatMap((fault, index) => {
    if (fault.what === 'face-crash' && fault.replica > capacity.faceReplicas)
      return located.problemAt(['faults', index, 'replica'], {
        code: 'FF_SCENARIO_UNKNOWN_REPLICA',
        message: `there is no replica ${fault.replica} of the Face API`,
        expected: `1 to ${capacity.faceReplicas}, as capacity.faceReplicas says`,
      });
    if (fault.what === 'face-error' && fault.operation !== undefined)
      return operationProblem(fault.operation, located, index);
    return [];
  });
}

function operationProblem(
  operation: string,
  located: LocatedDocument,
  index: number,
): InputProblem | readonly InputProblem[] {
  const known = ROUTES.map((route) => route.operation);
  if (known.some((name) => name.toLowerCase() === operation.toLowerCase())) return [];
  return located.problemAt(['faults', index, 'operation'], {
    code: 'FF_SCENARIO_UNKNOWN_OPERATION',
    message: `the Face API has no operation '${operation}'`,
    expected: 'a name of the REST specification, such as Face_Detect or FaceList_AddFace',
    suggestion: nearest(operation, known),
  });
}

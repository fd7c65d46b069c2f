/** A camera that replayed footage was recorded with: where it hung, and what is drawn on its picture. */
import { z } from 'zod';
import type { DrawnMarks } from '../../pipeline/detection/counting/marks.js';
import { cameraMarksShape, drawnMarks, marksProblems } from '../store/plan/camera-marks-schema.js';
import { checkDocument } from './check-document.js';
import { BadInputError } from './input-problem.js';
import { readDocument } from './located-document.js';
import { durationMs } from './units.js';

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens');

export const cameraDocumentSchema = z
  .strictObject({
    id: id.default('camera').meta({ description: "The camera's id in pictures and events." }),
    section: id.default('view').meta({ description: 'The section that it watches.' }),
    ...cameraMarksShape,
    reentry: durationMs(
      'Who leaves the picture at its edge and is back within this time is no new visitor.',
    ).prefault('0s'),
  })
  .meta({ title: 'footfall camera', description: 'A camera and what is drawn on its picture.' });

export interface CameraFile {
  readonly id: string;
  readonly section: string;
  readonly marks: DrawnMarks;
}

/** Throws `BadInputError` with every problem found, each at its place. */
export function readCameraFile(file: string): CameraFile {
  const located = readDocument(file);
  const document = checkDocument(located, cameraDocumentSchema);
  const problems = marksProblems(document).map(({ path, message, expected }) =>
    located.problemAt(path, { code: 'FF_CAMERA_MARKS', message, expected }),
  );
  if (problems.length > 0) throw new BadInputError(problems);
  return { id: document.id, section: document.section, marks: drawnMarks(document, document.reentry) };
}

import { z } from 'zod';
import { replayRecordSchema } from '../../reports/replay-record.js';
import { runRecordSchema } from '../../reports/run-record.js';
import { floorPlanDocumentSchema } from '../store/plan/floor-plan-schema.js';
import { cameraDocumentSchema } from './camera-file.js';
import { scenarioDocumentSchema } from './schema.js';

/** JSON Schemas for editors and for readers of run records, by name. */
export const publishedSchemas: Readonly<Record<string, () => object>> = {
  scenario: () => z.toJSONSchema(scenarioDocumentSchema, { io: 'input', unrepresentable: 'any' }),
  'floor-plan': () => z.toJSONSchema(floorPlanDocumentSchema, { io: 'input', unrepresentable: 'any' }),
  camera: () => z.toJSONSchema(cameraDocumentSchema, { io: 'input', unrepresentable: 'any' }),
  'replay-record': () => z.toJSONSchema(replayRecordSchema, { unrepresentable: 'any' }),
  'run-record': () => z.toJSONSchema(runRecordSchema, { unrepresentable: 'any' }),
};

/** Reads the committed error model. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../kernel/worker-entry.js';
import { type ErrorModel, FOUND_TERMS } from './error-model.js';

/** A file that is no error model. */
export class ErrorModelError extends Error {
  readonly code = 'FF_ERROR_MODEL';
}

/** Where the fitted model stands in the project. */
export function committedErrorModelPath(): string {
  return join(projectRoot(dirname(fileURLToPath(import.meta.url))), 'sim', 'camera', 'error-model.json');
}

/** Throws an `ErrorModelError` that says what is missing. */
export function readErrorModel(path = committedErrorModelPath()): ErrorModel {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ErrorModelError(
      `${path}: cannot be read as JSON (${reason}); expected what footfall calibrate writes`,
    );
  }
  const missing = missingNumbers(content);
  if (missing.length > 0) {
    throw new ErrorModelError(
      `${path}: ${missing.join(', ')} must be numbers; footfall calibrate writes them all`,
    );
  }
  return content as ErrorModel;
}

const NUMBERS: readonly (readonly string[])[] = [
  ['frames'],
  ['people'],
  ...FOUND_TERMS.map((term) => ['found', term]),
  ...['centreX', 'centreY', 'width', 'height'].map((name) => ['box', name]),
  ...['mean', 'deviation', 'lowest'].map((name) => ['score', name]),
  ['falsePositivesPerPerson'],
];

function missingNumbers(content: unknown): readonly string[] {
  return NUMBERS.filter((path) => !Number.isFinite(path.reduce(child, content))).map((path) =>
    path.join('.'),
  );
}

function child(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

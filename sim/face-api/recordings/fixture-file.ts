/** A fixture on disk: recordings of a Face API, as JSON that a person can read and a review can follow. */
import { z } from 'zod';
import type { Recording } from './recording.js';

const VERSION = 1;

const answer = z.strictObject({
  status: z.int().min(100).max(599),
  retryAfterSeconds: z.number().min(0).optional(),
  body: z.unknown().optional(),
  latencyMs: z.number().min(0).optional(),
});

const recording = z.strictObject({
  id: z.string().min(1),
  request: z.strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
    path: z.string().startsWith('/'),
    query: z.record(z.string(), z.string()),
    bodySha256: z.string().regex(/^[0-9a-f]{64}$/),
    bodyBytes: z.int().min(0),
    /** Base 64; only in fixtures that were told to keep pictures. */
    picture: z.base64().optional(),
  }),
  answers: z.array(answer).min(1),
});

const fixtureFile = z.strictObject({
  version: z.literal(VERSION),
  /** The endpoint that gave the answers. */
  recordedFrom: z.string(),
  recordings: z.array(recording),
});

export interface Fixture {
  readonly recordedFrom: string;
  readonly recordings: readonly Recording[];
}

/** A file that is no fixture. */
export class FixtureError extends Error {
  readonly code = 'FF_FACE_FIXTURE';
}

/** @throws FixtureError with the first thing that is wrong, and where. */
export function parseFixture(text: string): Fixture {
  const parsed = fixtureFile.safeParse(readJson(text));
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    throw new FixtureError(`${first?.path.join('.') || 'the file'}: ${first?.message ?? 'not a fixture'}`);
  }
  const { recordedFrom, recordings } = parsed.data;
  const ids = new Set<string>();
  for (const { id } of recordings) {
    if (ids.has(id)) throw new FixtureError(`two recordings have the id '${id}'`);
    ids.add(id);
  }
  // What zod calls optional may be undefined; in JSON it is not there.
  return { recordedFrom, recordings: recordings as unknown as readonly Recording[] };
}

export function formatFixture({ recordedFrom, recordings }: Fixture): string {
  return `${JSON.stringify({ version: VERSION, recordedFrom, recordings }, null, 2)}\n`;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FixtureError(`not JSON: ${(error as Error).message}`);
  }
}

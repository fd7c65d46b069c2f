/** Who answers for the faces on footage: recordings, local models, or a real Face API; and what is recorded of it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { FaceAnswer, FaceRequest } from '../../../pipeline/analyze-faces/face-client/exchange.js';
import type { FaceApiOptions, SentAnswer, SubjectLookup } from '../../face-api/index.js';
import { LOCAL_FACES, LocalFaces, type PictureToRead } from '../../face-api/local/local-faces.js';
import { formatFixture, parseFixture } from '../../face-api/recordings/fixture-file.js';
import { Recorder } from '../../face-api/recordings/recorder.js';
import { AnsweringWorker } from '../../kernel/answering-worker.js';
import type { Kernel } from '../../kernel/index.js';
import { workerEntry } from '../../kernel/worker-entry.js';
import { BadInputError, fileProblem } from '../../scenario/input-problem.js';
import type { FaceSettings } from '../world/world-messages.js';

export type FaceHooks = Pick<FaceApiOptions, 'onAnswer' | 'elsewhere'>;

export interface FaceSource {
  /** For people: where answers come from. */
  readonly what: string;
  /** Whose faces are in a picture; null: nobody's are known. */
  readonly subjects: SubjectLookup | null;
  readonly hooks: FaceHooks;
  /** Told of every picture before the Face API is asked about it. */
  read(picture: PictureToRead): Promise<void>;
  /** Writes what was recorded; what could not be is said. */
  close(): Promise<readonly string[]>;
}

/** What a replica takes for a detection, when another service answers in its place. */
const SUPPOSED_SERVICE_MS = 90;

/** Throws `BadInputError` for a fixture that is none. */
export async function openFaceSource(kernel: Kernel, face: FaceSettings): Promise<FaceSource> {
  if (face.mode === 'replay') return fromFixture(face);
  const endpoint = face.mode === 'record' ? face.endpoint : null;
  const source =
    endpoint === null ? await fromLocalModels(kernel) : await fromEndpoint(kernel, endpoint, face.key);
  return face.mode === 'record' ? recorded(source, face) : source;
}

/** The fixture that a replay takes; null when there is none. Throws `BadInputError` for one that cannot be read. */
export function fixtureOf({ fixtureFile, isFixtureAsked, mode }: FaceSettings): string | null {
  if (mode !== 'replay' || (!isFixtureAsked && !existsSync(fixtureFile))) return null;
  try {
    parseFixture(readFileSync(fixtureFile, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadInputError([
      fileProblem('FF_FACE_FIXTURE', fixtureFile, `is no fixture: ${reason}`, 'one that --face record wrote'),
    ]);
  }
  return fixtureFile;
}

function fromFixture(face: FaceSettings): FaceSource {
  const fixture = fixtureOf(face);
  return {
    what: fixture === null ? 'no recordings: nobody’s face is read' : `recordings of ${basename(fixture)}`,
    // With recordings a picture that is not among them is an error, not a picture without faces.
    subjects: fixture === null ? null : () => undefined,
    hooks: {},
    read: async () => {},
    close: async () => [],
  };
}

async function fromLocalModels(kernel: Kernel): Promise<FaceSource> {
  const faces = await kernel.hold(LocalFaces.open());
  return {
    what: `${LOCAL_FACES}, no Face API`,
    subjects: faces.subjects,
    hooks: {},
    read: (picture) => kernel.hold(faces.read(picture)),
    async close() {
      await faces.close();
      return [
        `${faces.count} faces were read by ${LOCAL_FACES}, not by a Face API: their ages, genders and moods are small models’ guesses`,
      ];
    },
  };
}

async function fromEndpoint(kernel: Kernel, endpoint: string, key: string | null): Promise<FaceSource> {
  const entry = workerEntry(import.meta.url, './endpoint-worker.js');
  const worker = new AnsweringWorker<FaceRequest, FaceAnswer>("the Face endpoint's thread", entry, {
    endpoint,
    key,
  });
  await kernel.hold(worker.ready);
  try {
    await kernel.hold(knock(worker, new URL(endpoint).host));
  } catch (error) {
    await worker.close();
    throw error;
  }
  return {
    what: `the Face API at ${new URL(endpoint).host}`,
    subjects: null,
    hooks: {
      async elsewhere({ body, method, path, query }) {
        const answer = await kernel.hold(worker.ask({ body, method, path, query }));
        await kernel.clock.sleep(SUPPOSED_SERVICE_MS);
        return sent(answer);
      },
    },
    read: async () => {},
    async close() {
      await worker.close();
      return [];
    },
  };
}

/** A question that changes nothing and that every Face API answers, to hear whether it answers us. */
const KNOCK: FaceRequest = { method: 'POST', path: '/detect', query: {}, body: { kind: 'json', text: '{}' } };

/** Rejects when nobody answers or the key is refused: nothing could be recorded, and an older fixture would go. */
async function knock(worker: AnsweringWorker<FaceRequest, FaceAnswer>, host: string): Promise<void> {
  const answer = await worker.ask(KNOCK).catch((error: unknown) => {
    throw new FaceEndpointError(`the Face API at ${host} does not answer: ${messageOf(error)}`);
  });
  if (answer.status === 401 || answer.status === 403)
    throw new FaceEndpointError(`the Face API at ${host} refuses the key (${answer.status}): see --face-key`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The Face API that was to be recorded cannot be used. */
class FaceEndpointError extends Error {
  readonly code = 'FF_FACE_ENDPOINT';
}

function recorded(source: FaceSource, { fixtureFile, keepBiometrics }: FaceSettings): FaceSource {
  const recorder = new Recorder({ recordedFrom: source.what, keepBiometrics });
  const said = new Set<string>();
  return {
    ...source,
    what: `${source.what}, recorded to ${basename(fixtureFile)}`,
    hooks: {
      ...source.hooks,
      onAnswer(request, { retryAfterSeconds, status, text }) {
        const answer = { status, retryAfterSeconds, body: text === '' ? undefined : JSON.parse(text) };
        const outcome = recorder.record(request, answer, SUPPOSED_SERVICE_MS);
        const note = outcome.kind === 'refused' ? `not recorded: ${outcome.reason}` : outcome.note;
        if (note !== null) said.add(note);
      },
    },
    async close() {
      const warnings = await source.close();
      const fixture = recorder.fixture();
      writeFileSync(fixtureFile, formatFixture(fixture));
      return [
        ...warnings,
        ...said,
        `${fixture.recordings.length} requests recorded in ${basename(fixtureFile)}`,
      ];
    },
  };
}

function sent({ body, retryAfterSeconds, status }: FaceAnswer): SentAnswer {
  return { status, retryAfterSeconds, text: body === undefined ? '' : JSON.stringify(body) };
}

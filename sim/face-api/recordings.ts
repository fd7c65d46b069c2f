/**
 * Recordings: a request, known by its contents, and what was answered to it. Replay is strict: a request that
 * differs in anything that matters has no answer, and is told which recording comes nearest and what differs.
 */
import { canonicalQuery, type ReceivedRequest } from './request.js';

export interface Recording {
  readonly id: string;
  readonly request: RecordedRequest;
  /** Given in turn to the same request; the last one again and again. Never empty. */
  readonly answers: readonly RecordedAnswer[];
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Hex. */
  readonly bodySha256: string;
  readonly bodyBytes: number;
}

export interface RecordedAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What differs between a request and the recording that comes nearest to it. */
export interface Nearest {
  readonly recordingId: string;
  readonly differences: readonly string[];
}

export interface Replay {
  /** The next answer to `request`; undefined when nothing was recorded for it. */
  answer(request: ReceivedRequest): RecordedAnswer | undefined;
  /** Null when there are no recordings at all. */
  nearest(request: ReceivedRequest): Nearest | null;
}

export function openReplay(recordings: readonly Recording[]): Replay {
  const byName = new Map(recordings.map((recording) => [nameOf(recording.request), recording]));
  const given = new Map<string, number>();
  return {
    answer(request) {
      if (byName.size === 0) return undefined;
      const name = nameOf(request);
      const answers = byName.get(name)?.answers;
      if (answers === undefined) return undefined;
      const turn = given.get(name) ?? 0;
      given.set(name, turn + 1);
      return answers[Math.min(turn, answers.length - 1)];
    },
    nearest: (request) => nearestOf(recordings, request),
  };
}

function nameOf({ method, path, query, bodySha256 }: RecordedRequest): string {
  return `${method} ${path.toLowerCase()}?${canonicalQuery(query)} ${bodySha256}`;
}

function nearestOf(recordings: readonly Recording[], request: ReceivedRequest): Nearest | null {
  let nearest: { readonly recording: Recording; readonly distance: number } | null = null;
  for (const recording of recordings) {
    const distance = distanceTo(recording.request, request);
    if (nearest === null || distance < nearest.distance) nearest = { recording, distance };
  }
  if (nearest === null) return null;
  const { recording } = nearest;
  return { recordingId: recording.id, differences: differencesTo(recording.request, request) };
}

/** Another operation is farther than any query, and each parameter is farther than another body. */
const OTHER_OPERATION = 1000;
const OTHER_PARAMETER = 10;

function distanceTo(recorded: RecordedRequest, request: RecordedRequest): number {
  const sameOperation =
    recorded.method === request.method && recorded.path.toLowerCase() === request.path.toLowerCase();
  const parameters = parameterNames(recorded, request).filter(
    (name) => recorded.query[name] !== request.query[name],
  );
  const larger = Math.max(1, recorded.bodyBytes, request.bodyBytes);
  const body =
    recorded.bodySha256 === request.bodySha256
      ? 0
      : 1 + Math.abs(recorded.bodyBytes - request.bodyBytes) / larger;
  return (sameOperation ? 0 : OTHER_OPERATION) + parameters.length * OTHER_PARAMETER + body;
}

function differencesTo(recorded: RecordedRequest, request: RecordedRequest): readonly string[] {
  const differences: string[] = [];
  const wanted = `${recorded.method} ${recorded.path}`;
  const found = `${request.method} ${request.path}`;
  if (wanted.toLowerCase() !== found.toLowerCase())
    differences.push(`operation: recorded ${wanted}, requested ${found}`);
  for (const name of parameterNames(recorded, request)) {
    const [was, is] = [recorded.query[name], request.query[name]];
    if (was !== is) differences.push(`${name}: recorded ${was ?? 'nothing'}, requested ${is ?? 'nothing'}`);
  }
  if (recorded.bodySha256 !== request.bodySha256) {
    differences.push(`body: recorded ${describeBody(recorded)}, requested ${describeBody(request)}`);
  }
  return differences;
}

function parameterNames(recorded: RecordedRequest, request: RecordedRequest): readonly string[] {
  return [...new Set([...Object.keys(recorded.query), ...Object.keys(request.query)])].sort();
}

function describeBody({ bodyBytes, bodySha256 }: RecordedRequest): string {
  return `${bodyBytes} bytes of SHA-256 ${bodySha256.slice(0, 12)}…`;
}

/** Which recording comes nearest to a request, and what differs. */
import { operationOf, type RecordedRequest, type Recording } from './recording.js';

/** What differs between a request and the recording that comes nearest to it. */
export interface Nearest {
  readonly recording: Recording;
  readonly isSameOperation: boolean;
  readonly differences: readonly string[];
}

/** Null when there are no recordings. Of recordings that are equally near, the first. */
export function nearestOf(recordings: readonly Recording[], request: RecordedRequest): Nearest | null {
  let nearest: { readonly recording: Recording; readonly distance: number } | null = null;
  for (const recording of recordings) {
    const distance = distanceTo(recording.request, request);
    if (nearest === null || distance < nearest.distance) nearest = { recording, distance };
  }
  if (nearest === null) return null;
  const { recording } = nearest;
  return {
    recording,
    isSameOperation: isSameOperation(recording.request, request),
    differences: differencesTo(recording.request, request),
  };
}

/** Another operation is farther than any query, and each parameter is farther than another body. */
const OTHER_OPERATION = 1000;
const OTHER_PARAMETER = 10;

function distanceTo(recorded: RecordedRequest, request: RecordedRequest): number {
  const parameters = parameterNames(recorded, request).filter(
    (name) => recorded.query[name] !== request.query[name],
  );
  const larger = Math.max(1, recorded.bodyBytes, request.bodyBytes);
  const body =
    recorded.bodySha256 === request.bodySha256
      ? 0
      : 1 + Math.abs(recorded.bodyBytes - request.bodyBytes) / larger;
  const operation = isSameOperation(recorded, request) ? 0 : OTHER_OPERATION;
  return operation + parameters.length * OTHER_PARAMETER + body;
}

function isSameOperation(recorded: RecordedRequest, request: RecordedRequest): boolean {
  return operationOf(recorded) === operationOf(request);
}

function differencesTo(recorded: RecordedRequest, request: RecordedRequest): readonly string[] {
  const differences: string[] = [];
  if (!isSameOperation(recorded, request)) {
    const wanted = `${recorded.method} ${recorded.path}`;
    differences.push(`operation: recorded ${wanted}, requested ${request.method} ${request.path}`);
  }
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

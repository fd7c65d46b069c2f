/** How long a recorded answer takes when it is replayed. */
import type { RandomSource } from '../../kernel/services.js';
import { findRoute } from '../operations/routes.js';
import type { ReceivedRequest } from '../request.js';
import type { RecordedAnswer, RecordedRequest, Recording } from './recording.js';

/**
 * `model`: as any other answer, by the capacity of the replicas. `recorded`: as long as the answer took when it was
 * recorded. `resampled`: a latency drawn from all that were recorded for the operation, so that an answer that is
 * given often does not always take the same time.
 */
export type LatencySource = 'model' | 'recorded' | 'resampled';

/** The milliseconds that `answer` takes; null leaves it to the capacity's model. */
export type LatencyOf = (request: ReceivedRequest, answer: RecordedAnswer, key: string) => number | null;

export function openLatencies(
  recordings: readonly Recording[],
  source: LatencySource,
  rng: RandomSource,
): LatencyOf {
  switch (source) {
    case 'model':
      return () => null;
    case 'recorded':
      return (_request, { latencyMs }) => latencyMs ?? null;
    case 'resampled': {
      const samples = samplesByOperation(recordings);
      return (request, _answer, key) => {
        const drawn = samples.get(operationName(request));
        return drawn === undefined ? null : rng(`face-api/latency/${key}`).pick(drawn);
      };
    }
  }
}

function samplesByOperation(recordings: readonly Recording[]): ReadonlyMap<string, readonly number[]> {
  const samples = new Map<string, number[]>();
  for (const { request, answers } of recordings) {
    const known = samples.get(operationName(request)) ?? [];
    known.push(...answers.flatMap(({ latencyMs }) => (latencyMs === undefined ? [] : [latencyMs])));
    if (known.length > 0) samples.set(operationName(request), known);
  }
  return samples;
}

function operationName({ method, path }: Pick<RecordedRequest, 'method' | 'path'>): string {
  const found = findRoute({ method: method as ReceivedRequest['method'], path });
  return found?.route.operation ?? `${method} ${path}`;
}

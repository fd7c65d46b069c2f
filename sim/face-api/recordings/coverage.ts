/** How much of a fixture a run has used, and what it asked for in vain. */
import { nameOf, operationOf, type RecordedRequest, type Recording } from './recording.js';

export interface Coverage {
  readonly recordings: number;
  /** Recordings that answered a request, by their ids; some of them only as the nearest match. */
  readonly used: readonly string[];
  readonly usedAsNearest: readonly string[];
  readonly unused: readonly string[];
  /** Unused ones whose operation was asked for with the same body but other parameters: the client has changed. */
  readonly stale: readonly string[];
  /** Requests that nothing could answer, each once. */
  readonly unmatched: readonly string[];
}

export class CoverageTally {
  private readonly recordings: readonly Recording[];
  private readonly exact = new Set<string>();
  private readonly near = new Set<string>();
  private readonly asked = new Set<string>();
  private readonly unmatched = new Set<string>();

  constructor(recordings: readonly Recording[]) {
    this.recordings = recordings;
  }

  noteAsked(request: RecordedRequest): void {
    this.asked.add(bodyOfOperation(request));
  }

  noteUsed(recording: Recording, match: 'exact' | 'nearest'): void {
    (match === 'exact' ? this.exact : this.near).add(recording.id);
  }

  noteUnmatched(request: RecordedRequest): void {
    this.unmatched.add(nameOf(request));
  }

  coverage(): Coverage {
    const idsOf = (recordings: readonly Recording[]) => recordings.map(({ id }) => id);
    const isUsed = ({ id }: Recording) => this.exact.has(id) || this.near.has(id);
    const unused = this.recordings.filter((recording) => !isUsed(recording));
    return {
      recordings: this.recordings.length,
      used: idsOf(this.recordings.filter(isUsed)),
      usedAsNearest: [...this.near].filter((id) => !this.exact.has(id)).sort(),
      unused: idsOf(unused),
      stale: idsOf(unused.filter(({ request }) => this.asked.has(bodyOfOperation(request)))),
      unmatched: [...this.unmatched].sort(),
    };
  }
}

function bodyOfOperation(request: RecordedRequest): string {
  return `${operationOf(request)} ${request.bodySha256}`;
}

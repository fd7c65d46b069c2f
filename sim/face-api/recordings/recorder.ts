/** Collects exchanges into a fixture, and refuses what does not belong in one. */
import type { FaceAnswer } from '../../../pipeline/analyze-faces/face-client/exchange.js';
import type { ReceivedRequest } from '../request.js';
import { biometricsIn, isPicture } from './biometrics.js';
import type { Fixture } from './fixture-file.js';
import { nameOf, type RecordedAnswer, type RecordedRequest, type Recording } from './recording.js';

export interface RecorderOptions {
  readonly recordedFrom: string;
  /** Keeps pictures and descriptors of faces, which are otherwise refused. */
  readonly keepBiometrics: boolean;
  /** To go on with an earlier fixture. */
  readonly before?: readonly Recording[];
}

export type Recorded =
  | { readonly kind: 'recorded'; readonly id: string; readonly note: string | null }
  | { readonly kind: 'refused'; readonly reason: string };

/** With `picture`, in base 64, when pictures are kept. */
interface KeptRequest extends RecordedRequest {
  readonly picture?: string;
}

interface Draft {
  readonly id: string;
  readonly request: KeptRequest;
  readonly answers: RecordedAnswer[];
}

export class Recorder {
  private readonly options: RecorderOptions;
  private readonly drafts = new Map<string, Draft>();
  private hasExplainedPictures = false;

  constructor(options: RecorderOptions) {
    this.options = options;
    for (const { id, request, answers } of options.before ?? [])
      this.drafts.set(nameOf(request), { id, request, answers: [...answers] });
  }

  /** A request that was recorded already gets one more answer, to be given in turn. */
  record(received: ReceivedRequest, answer: FaceAnswer, latencyMs: number): Recorded {
    const found = this.options.keepBiometrics ? [] : biometricsIn(answer.body);
    if (found.length > 0) {
      const reason = `the answer holds biometric data (${found[0]}), which a fixture keeps only with --keep-biometrics`;
      return { kind: 'refused', reason };
    }
    const { method, path, query, bodySha256, bodyBytes } = received;
    const request = { method, path, query, bodySha256, bodyBytes, ...this.pictureOf(received) };
    const draft = this.drafts.get(nameOf(request)) ?? { id: this.nextId(received), request, answers: [] };
    this.drafts.set(nameOf(request), draft);
    draft.answers.push(recordedAnswer(answer, latencyMs));
    return { kind: 'recorded', id: draft.id, note: this.noteOnPicture(received) };
  }

  fixture(): Fixture {
    return { recordedFrom: this.options.recordedFrom, recordings: [...this.drafts.values()] };
  }

  private pictureOf({ body }: ReceivedRequest): { readonly picture?: string } {
    if (!this.options.keepBiometrics || !isPicture(body)) return {};
    return { picture: Buffer.from(body.bytes).toString('base64') };
  }

  /** Said once: pictures are known by their hash, and are not in the fixture. */
  private noteOnPicture({ body }: ReceivedRequest): string | null {
    if (this.options.keepBiometrics || this.hasExplainedPictures || !isPicture(body)) return null;
    this.hasExplainedPictures = true;
    return 'pictures are biometric data: the fixture keeps their SHA-256 only, unless --keep-biometrics is given';
  }

  private nextId({ path }: ReceivedRequest): string {
    const operation = path
      .slice(1)
      .replace(/[^a-z0-9]+/gi, '-')
      .toLowerCase();
    return `${operation}-${String(this.drafts.size + 1).padStart(4, '0')}`;
  }
}

function recordedAnswer({ body, retryAfterSeconds, status }: FaceAnswer, latencyMs: number): RecordedAnswer {
  return {
    status,
    ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
    ...(body === undefined ? {} : { body }),
    latencyMs: Math.round(latencyMs),
  };
}

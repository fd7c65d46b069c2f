/** The service refused, or could not be reached. */
export class FaceApiError extends Error {
  /** Null when there was no answer. */
  readonly status: number | null;
  /** The service's own code, such as `FaceListNotFound`, or one of ours, `FF_FACE_…`. */
  readonly code: string;

  constructor(status: number | null, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** Whether the same request would be refused again, however often it is sent. */
  get isFinal(): boolean {
    return this.status !== null && this.status >= 400 && this.status < 500 && !PASSING.has(this.status);
  }
}

const PASSING: ReadonlySet<number> = new Set([408, 429]);

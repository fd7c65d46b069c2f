import { type Picture, PictureRefusedError, type PictureStore } from './picture-store.js';

/** What blob storage answered to one attempt to create a blob. */
export interface UploadAnswer {
  /** HTTP status. */
  readonly status: number;
  /** The service's error code, e.g. `BlobAlreadyExists`; empty when it stored the picture. */
  readonly code: string;
  readonly message: string;
}

/** One attempt; rejects when there was no answer. */
export type UploadAttempt = (picture: Picture) => Promise<UploadAnswer>;

/**
 * Makes an upload that may be tried again: an attempt whose answer was lost may have stored the picture, and the
 * next one then meets a blob that may not be overwritten.
 */
export class RepeatableUpload implements PictureStore {
  private readonly attempt: UploadAttempt;
  private readonly unanswered: Set<string>;

  /** `unanswered`: names of pictures whose last attempt found no answer; kept by who outlives this upload. */
  constructor(attempt: UploadAttempt, unanswered: Set<string> = new Set()) {
    this.attempt = attempt;
    this.unanswered = unanswered;
  }

  async put(picture: Picture): Promise<void> {
    const { name } = picture;
    const mayBeThere = this.unanswered.has(name);
    this.unanswered.add(name);
    const answer = await this.attempt(picture);
    this.unanswered.delete(name);
    if (answer.status < 300 || EXISTS.has(answer.code)) return;
    // What a signature that may only create is told about a blob that exists.
    if (mayBeThere && answer.code === 'AuthorizationPermissionMismatch') return;
    const said = `${name}: ${answer.status} ${answer.code}: ${answer.message}`;
    throw FINAL.has(answer.status) ? new PictureRefusedError(said) : new Error(said);
  }
}

const EXISTS = new Set(['BlobAlreadyExists', 'ConditionNotMet', 'UnauthorizedBlobOverwrite']);
/** A request that is wrong in itself. 401 and 403 may pass with a renewed signature, 404 with the container. */
const FINAL = new Set([400, 411, 413]);

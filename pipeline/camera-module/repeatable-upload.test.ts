import { describe, expect, test } from 'vitest';
import { type Picture, PictureRefusedError } from './picture-store.js';
import { RepeatableUpload, type UploadAnswer, type UploadAttempt } from './repeatable-upload.js';

const PICTURE = { name: 'a.jpg' } as Picture;
const FORBIDDEN: UploadAnswer = { status: 403, code: 'AuthorizationPermissionMismatch', message: 'no' };

/** A store that answers in turn; null: the answer is lost. */
function storeThatAnswers(...answers: readonly (UploadAnswer | null)[]): RepeatableUpload {
  return new RepeatableUpload(attempts(...answers));
}

function attempts(...answers: readonly (UploadAnswer | null)[]): UploadAttempt {
  const left = [...answers];
  return async () => {
    const answer = left.shift();
    if (!answer) throw new Error('connection reset');
    return answer;
  };
}

describe('an upload that may be repeated', () => {
  test('is done when the blob is there', async () => {
    await storeThatAnswers({ status: 201, code: '', message: '' }).put(PICTURE);
    await storeThatAnswers({ status: 409, code: 'BlobAlreadyExists', message: '' }).put(PICTURE);
    await storeThatAnswers({ status: 403, code: 'UnauthorizedBlobOverwrite', message: '' }).put(PICTURE);
  });

  test('takes a refusal to overwrite for success only after an answer was lost', async () => {
    const store = storeThatAnswers(null, FORBIDDEN, FORBIDDEN);
    await expect(store.put(PICTURE)).rejects.toThrow('connection reset');
    await store.put(PICTURE);
    await expect(store.put(PICTURE)).rejects.toThrow(/a\.jpg: 403 AuthorizationPermissionMismatch/);
  });

  test('and remembers over a restart that an answer was lost', async () => {
    const unanswered = new Set<string>();
    const before = new RepeatableUpload(attempts(null), unanswered);
    await expect(before.put(PICTURE)).rejects.toThrow('connection reset');
    await new RepeatableUpload(attempts(FORBIDDEN), unanswered).put(PICTURE);
    expect(unanswered.size).toBe(0);
  });

  test('is refused for good when the request itself is wrong, and else may pass later', async () => {
    const wrong = storeThatAnswers({ status: 413, code: 'RequestBodyTooLarge', message: '' });
    await expect(wrong.put(PICTURE)).rejects.toThrow(PictureRefusedError);
    for (const status of [401, 404, 500, 503]) {
      const busy = storeThatAnswers({ status, code: 'X', message: '' });
      await expect(busy.put(PICTURE)).rejects.not.toBeInstanceOf(PictureRefusedError);
    }
  });
});

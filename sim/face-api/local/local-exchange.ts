/** A Face API of one's own: the stand-in with local models behind it, for pictures of which nothing else is known. */
import type { FaceExchange } from '../../../pipeline/analyze-faces/face-client/exchange.js';
import type { KernelServices } from '../../kernel/services.js';
import { openFaceApi } from '../face-api.js';
import type { Capacity } from '../replicas/capacity.js';
import { receive } from '../request.js';
import { LocalFaces } from './local-faces.js';

/** What the models take is time enough. */
const NO_OTHER_TIME: Capacity = {
  replicas: 1,
  queueLimit: 1_000,
  pictureService: { leastMs: 0, meanMs: 0 },
  otherService: { leastMs: 0, meanMs: 0 },
  rateLimit: null,
};
/** Who is whom, the models have decided. */
const NO_MISTAKES = { falseAcceptShare: 0, falseRejectShare: 0, falseRejectShareAtWorst: 0 };

export interface LocalFaceApi {
  readonly exchange: FaceExchange;
  close(): Promise<void>;
}

/** Rejects with `FF_MODEL_SOURCE_MISSING` when the models are not there. */
export async function openLocalFaceApi(services: KernelServices): Promise<LocalFaceApi> {
  const faces = await LocalFaces.open();
  const faceApi = openFaceApi(services, {
    persona: () => undefined,
    // A picture that no model could read has no faces; whether it is one at all, the stand-in says.
    subjects: (sha256) => faces.subjects(sha256) ?? [],
    capacity: NO_OTHER_TIME,
    recognitionErrors: NO_MISTAKES,
  });
  return {
    async exchange(request) {
      const { body } = request;
      if (body.kind === 'picture') await faces.read({ jpeg: body.bytes, people: 'anywhere' }).catch(() => {});
      const { retryAfterSeconds, status, text } = await faceApi.answer(receive(request));
      return { status, retryAfterSeconds, body: text === '' ? undefined : JSON.parse(text) };
    },
    close: () => faces.close(),
  };
}

/**
 * The core of the Face API stand-in: takes requests as they were received, whatever carried them, and answers as
 * the service would, after the time that the service would take.
 */
import type { Persona } from '../../fixtures/face/persona.js';
import type { KernelServices, StageFigures } from '../kernel/index.js';
import { jsonAnswer, refusal, type SentAnswer } from './answer.js';
import { type EnrolledList, enrol } from './enrolment.js';
import type { Era } from './era.js';
import { FaceIds } from './face-ids.js';
import { FaceLists } from './face-lists.js';
import { FaceApiFailure } from './failure.js';
import { operate } from './operations/index.js';
import { type RecognitionErrors, USUAL_RECOGNITION_ERRORS } from './recognition.js';
import { openReplay, type Recording } from './recordings.js';
import { type Capacity, CONTAINER_CAPACITY, Replicas } from './replicas.js';
import type { ReceivedRequest } from './request.js';
import type { FaceApiState } from './state.js';
import type { SubjectLookup } from './subject.js';
import { UNMATCHED_CODE } from './unmatched.js';

export interface FaceApiOptions {
  /** Finds a persona by its id. */
  readonly persona: (id: string) => Persona | undefined;
  /** Knows who is in a picture. */
  readonly subjects?: SubjectLookup;
  /** Answers recorded for whole requests; they go before `subjects`. */
  readonly recordings?: readonly Recording[];
  /** Face lists as earlier days left them. */
  readonly enrolled?: readonly EnrolledList[];
  /** `2019` unless told. */
  readonly era?: Era;
  /** Whether an application for Limited Access was approved; matters in the era `retired` only. */
  readonly limitedAccessApproved?: boolean;
  readonly capacity?: Capacity;
  readonly recognitionErrors?: RecognitionErrors;
}

export interface FaceApi {
  /** Never rejects for what a client did: a refusal is an answer. */
  answer(request: ReceivedRequest): Promise<SentAnswer>;
  figures(): StageFigures;
  /** Requests for which there was neither a recording nor a known picture: an error of the set-up. */
  readonly unmatched: number;
}

export function openFaceApi(services: KernelServices, options: FaceApiOptions): FaceApi {
  const replicas = new Replicas(services, options.capacity ?? CONTAINER_CAPACITY);
  const state: FaceApiState = {
    services,
    persona: options.persona,
    subjects: options.subjects ?? (() => undefined),
    replay: openReplay(options.recordings ?? []),
    era: options.era ?? '2019',
    limitedAccessApproved: options.limitedAccessApproved ?? false,
    recognitionErrors: options.recognitionErrors ?? USUAL_RECOGNITION_ERRORS,
    faceIds: new FaceIds(),
    faceLists: new FaceLists(),
  };
  enrol(state.faceLists, options.enrolled ?? [], services.rng);
  let unmatched = 0;

  function replayOrOperate(request: ReceivedRequest, key: string): SentAnswer {
    const recorded = state.replay.answer(request);
    return recorded ? jsonAnswer(recorded.status, recorded.body) : operate(state, request, key);
  }

  async function serve(request: ReceivedRequest): Promise<SentAnswer> {
    // The same request may come again; what is drawn for it then must differ.
    const key = `${request.key} @${services.clock.now()}`;
    const carriesPicture = request.body.kind === 'picture';
    try {
      return await replicas.serve({ key, carriesPicture, work: () => replayOrOperate(request, key) });
    } catch (error) {
      if (!(error instanceof FaceApiFailure)) throw error;
      if (error.code === UNMATCHED_CODE) unmatched++;
      return refusal(error);
    }
  }

  return {
    async answer(request) {
      const answer = await serve(request);
      services.trace.record('face-api', request.key, 'answer', { status: answer.status });
      return answer;
    },
    figures: () => replicas.figures(),
    get unmatched() {
      return unmatched;
    },
  };
}

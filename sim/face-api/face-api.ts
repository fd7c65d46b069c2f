/**
 * The core of the Face API stand-in: takes requests as they were received, whatever carried them, and answers as
 * the service would, after the time that the service would take.
 */
import type { Persona } from '../../fixtures/face/persona.js';
import type { KernelServices, StageFigures } from '../kernel/index.js';
import { jsonAnswer, refusal, type SentAnswer } from './answer.js';
import type { Era } from './era.js';
import { FaceIds } from './faces/face-ids.js';
import { type RecognitionErrors, USUAL_RECOGNITION_ERRORS } from './faces/recognition.js';
import type { SubjectLookup } from './faces/subject.js';
import { FaceApiFailure, noSuchResource, UNSUPPORTED_CODE } from './failure.js';
import { type EnrolledList, enrol } from './galleries/enrolment.js';
import { Galleries } from './galleries/galleries.js';
import { FACE_LIST, LARGE_FACE_LIST, LARGE_PERSON_GROUP, PERSON_GROUP } from './galleries/kinds.js';
import { findRoute } from './operations/routes.js';
import type { Coverage } from './recordings/coverage.js';
import { type LatencySource, openLatencies } from './recordings/latencies.js';
import type { Recording } from './recordings/recording.js';
import { type Matching, openReplay } from './recordings/replay.js';
import { UNMATCHED_CODE } from './recordings/unmatched.js';
import { type FaceFaults, faceFaults } from './replicas/balancer.js';
import { type Capacity, CONTAINER_CAPACITY } from './replicas/capacity.js';
import { FaultRules } from './replicas/fault-rules.js';
import { Replicas, type Task } from './replicas/replicas.js';
import type { ReceivedRequest } from './request.js';
import type { FaceApiState } from './state.js';
import { fetchPicture, type PictureFetcher } from './url-pictures.js';

export interface FaceApiOptions {
  /** Finds a persona by its id. */
  readonly persona: (id: string) => Persona | undefined;
  /** Knows who is in a picture. */
  readonly subjects?: SubjectLookup;
  /** Answers recorded for whole requests; they go before `subjects`. */
  readonly recordings?: readonly Recording[];
  /** `strict` unless told. */
  readonly matching?: Matching;
  /** How long recorded answers take; `model` unless told. */
  readonly latency?: LatencySource;
  /** Reaches pictures that requests name by their address; without it there are none. */
  readonly fetchPicture?: PictureFetcher;
  /** Face lists as earlier days left them. */
  readonly enrolled?: readonly EnrolledList[];
  /** `2019` unless told. */
  readonly era?: Era;
  /** Whether an application for Limited Access was approved; matters in the era `retired` only. */
  readonly limitedAccessApproved?: boolean;
  readonly capacity?: Capacity;
  readonly recognitionErrors?: RecognitionErrors;
  /** Answers in the stand-in's place. */
  readonly elsewhere?: (request: ReceivedRequest) => Promise<SentAnswer>;
  /** Hears every answer as it goes out. */
  readonly onAnswer?: (request: ReceivedRequest, answer: SentAnswer) => void;
}

export interface FaceApi {
  /**
   * Never rejects for what a client did: a refusal is an answer. Rejects with `ConnectionReset` when the client is to
   * get none.
   */
  answer(request: ReceivedRequest): Promise<SentAnswer>;
  figures(): StageFigures;
  /** Requests for which there was neither a recording nor a known picture: an error of the set-up. */
  readonly unmatched: number;
  /** Requests for what is retired, or needs an approval that is not there. */
  readonly unsupported: number;
  /** How much of the recordings was used. */
  coverage(): Coverage;
  readonly faults: FaceFaults;
}

export function openFaceApi(services: KernelServices, options: FaceApiOptions): FaceApi {
  const replicas = new Replicas(services, options.capacity ?? CONTAINER_CAPACITY);
  const rules = new FaultRules(services.rng);
  const state = openState(services, options);
  const latencyOf = openLatencies(options.recordings ?? [], options.latency ?? 'model', services.rng);
  const fetcher = options.fetchPicture ?? (async () => null);
  let unmatched = 0;
  let unsupported = 0;

  function begin(request: ReceivedRequest, key: string): Task<SentAnswer> {
    const { extraMs, failure } = rules.inject(findRoute(request)?.route.operation ?? '', key);
    if (failure !== null) return { serviceMs: null, extraMs, work: () => refusal(failure) };
    const recorded = state.replay.answer(request);
    if (recorded === undefined) return { serviceMs: null, extraMs, work: () => operate(state, request, key) };
    const { body, retryAfterSeconds = null, status } = recorded;
    const answer = { ...jsonAnswer(status, body), retryAfterSeconds };
    return { serviceMs: latencyOf(request, recorded, key), extraMs, work: () => answer };
  }

  async function serve(received: ReceivedRequest): Promise<SentAnswer> {
    const request = state.replay.knows(received) ? received : await fetchPicture(received, fetcher);
    // The same request may come again; what is drawn for it then must differ.
    const key = `${request.key} @${services.clock.now()}`;
    const carriesPicture = request.body.kind === 'picture';
    try {
      return await replicas.serve({ key, carriesPicture, begin: () => begin(request, key) });
    } catch (error) {
      if (!(error instanceof FaceApiFailure)) throw error;
      if (error.code === UNMATCHED_CODE) {
        unmatched++;
        state.replay.noteUnmatched(request);
      }
      if (error.code === UNSUPPORTED_CODE) unsupported++;
      return refusal(error);
    }
  }

  return {
    async answer(request) {
      const answer = await (options.elsewhere ?? serve)(request);
      options.onAnswer?.(request, answer);
      services.trace.record('face-api', request.key, 'answer', { status: answer.status });
      return answer;
    },
    figures: () => replicas.figures(),
    get unmatched() {
      return unmatched;
    },
    get unsupported() {
      return unsupported;
    },
    coverage: () => state.replay.coverage(),
    faults: faceFaults(services, replicas, rules),
  };
}

function openState(services: KernelServices, options: FaceApiOptions): FaceApiState {
  const state: FaceApiState = {
    services,
    persona: options.persona,
    subjects: options.subjects ?? (() => undefined),
    replay: openReplay(options.recordings ?? [], options.matching),
    era: options.era ?? '2019',
    limitedAccessApproved: options.limitedAccessApproved ?? false,
    recognitionErrors: options.recognitionErrors ?? USUAL_RECOGNITION_ERRORS,
    faceIds: new FaceIds(),
    faceLists: new Galleries(FACE_LIST),
    largeFaceLists: new Galleries(LARGE_FACE_LIST),
    personGroups: new Galleries(PERSON_GROUP),
    largePersonGroups: new Galleries(LARGE_PERSON_GROUP),
  };
  enrol(state.faceLists, options.enrolled ?? [], services.rng);
  return state;
}

/** @throws FaceApiFailure for what the service refuses. */
function operate(state: FaceApiState, request: ReceivedRequest, key: string): SentAnswer {
  const found = findRoute(request);
  if (found === undefined) throw noSuchResource(`${request.method} ${request.path}`);
  return found.route.answer({ state, request, ids: found.ids, key });
}

export { directFaceExchange } from './direct-exchange.js';
export type { EnrolledList } from './enrolment.js';
export type { Era } from './era.js';
export { type FaceApi, type FaceApiOptions, openFaceApi } from './face-api.js';
export { type FaceFrontOptions, faceApiListener } from './front.js';
export { type RecognitionErrors, USUAL_RECOGNITION_ERRORS } from './recognition.js';
export type { RecordedAnswer, RecordedRequest, Recording } from './recordings.js';
export { type Capacity, CONTAINER_CAPACITY, type ServiceTime } from './replicas.js';
export type { FaceSubject, SubjectLookup } from './subject.js';

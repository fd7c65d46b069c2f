export type { AnalysisStrategies, Picture } from './analyze-picture.js';
export { FaceApiError } from './face-client/error.js';
export type {
  FaceAnswer,
  FaceExchange,
  FaceRequest,
  FaceRequestBody,
} from './face-client/exchange.js';
export {
  createFaceApi,
  type DetectedFace,
  type FaceApi,
  type FaceApiClientOptions,
  type SimilarFace,
} from './face-client/face-api.js';
export { type HttpExchangeOptions, httpFaceExchange } from './face-client/http-exchange.js';
export { type RetryPolicy, USUAL_RETRIES } from './face-client/retries.js';
export {
  type AnalyzeFaces,
  type AnalyzeFacesParts,
  createAnalyzeFaces,
  type PictureContext,
  type PictureStore,
} from './handler.js';
export {
  EVENT_HUB_NAME,
  EVENTS_CONNECTION,
  FUNCTION_NAME,
  PICTURE_PATH,
  PICTURES_CONNECTION,
  registerAnalyzeFaces,
} from './register.js';
export { type AnalyzeFacesSettings, readSettings, SettingError } from './settings.js';

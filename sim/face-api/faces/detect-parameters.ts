/** The query of `Face - Detect`, its defaults and what is refused. */
import { badArgument } from '../failure.js';

export const FACE_ATTRIBUTES = [
  'age',
  'gender',
  'smile',
  'facialHair',
  'glasses',
  'headPose',
  'emotion',
  'hair',
  'makeup',
  'occlusion',
  'accessories',
  'blur',
  'exposure',
  'noise',
  'mask',
  'qualityForRecognition',
] as const;
export type FaceAttribute = (typeof FACE_ATTRIBUTES)[number];

export const RECOGNITION_MODELS = [
  'recognition_01',
  'recognition_02',
  'recognition_03',
  'recognition_04',
] as const;
export type RecognitionModel = (typeof RECOGNITION_MODELS)[number];

export const DETECTION_MODELS = ['detection_01', 'detection_02', 'detection_03'] as const;
export type DetectionModel = (typeof DETECTION_MODELS)[number];

export interface DetectParameters {
  readonly returnFaceId: boolean;
  readonly returnFaceLandmarks: boolean;
  readonly returnRecognitionModel: boolean;
  readonly attributes: readonly FaceAttribute[];
  readonly recognitionModel: RecognitionModel;
  readonly detectionModel: DetectionModel;
  readonly faceIdTimeToLiveSeconds: number;
}

const SHORTEST_FACE_ID_LIFE_SECONDS = 60;
const LONGEST_FACE_ID_LIFE_SECONDS = 86_400;

export type Query = Readonly<Record<string, string>>;

/** @throws FaceApiFailure 400 `BadArgument`. */
export function readDetectParameters(query: Query): DetectParameters {
  const parameters: DetectParameters = {
    returnFaceId: flag(query, 'returnFaceId', true),
    returnFaceLandmarks: flag(query, 'returnFaceLandmarks', false),
    returnRecognitionModel: flag(query, 'returnRecognitionModel', false),
    attributes: attributesOf(query.returnFaceAttributes ?? ''),
    recognitionModel: recognitionModelOf(query.recognitionModel),
    detectionModel: detectionModelOf(query.detectionModel),
    faceIdTimeToLiveSeconds: lifeOf(query.faceIdTimeToLive),
  };
  refuseWhatTheModelCannot(parameters);
  return parameters;
}

/** @throws FaceApiFailure 400 `BadArgument`. */
export function recognitionModelOf(name: string | undefined): RecognitionModel {
  const model = RECOGNITION_MODELS.find((known) => known === (name ?? 'recognition_01'));
  if (model === undefined) throw badArgument("'recognitionModel' is invalid.");
  return model;
}

/** @throws FaceApiFailure 400 `BadArgument`. */
export function detectionModelOf(name: string | undefined): DetectionModel {
  const model = DETECTION_MODELS.find((known) => known === (name ?? 'detection_01'));
  if (model === undefined) throw badArgument("'detectionModel' is invalid.");
  return model;
}

function flag(query: Query, name: string, fallback: boolean): boolean {
  const value = query[name]?.toLowerCase();
  if (value === undefined || value === '') return fallback;
  if (value !== 'true' && value !== 'false') throw badArgument(`Invalid argument ${name}.`);
  return value === 'true';
}

function attributesOf(list: string): readonly FaceAttribute[] {
  if (list === '') return [];
  return list.split(',').map((name) => {
    const attribute = FACE_ATTRIBUTES.find((known) => known.toLowerCase() === name.toLowerCase());
    if (attribute === undefined) throw badArgument('Invalid argument returnFaceAttributes.');
    return attribute;
  });
}

function lifeOf(value: string | undefined): number {
  if (value === undefined) return LONGEST_FACE_ID_LIFE_SECONDS;
  const seconds = Number(value);
  const isAllowed =
    Number.isInteger(seconds) &&
    seconds >= SHORTEST_FACE_ID_LIFE_SECONDS &&
    seconds <= LONGEST_FACE_ID_LIFE_SECONDS;
  if (!isAllowed) throw badArgument('Argument faceIdTimeToLive is invalid. The valid range is [60, 86400].');
  return seconds;
}

const ATTRIBUTES_OF_DETECTION_03: ReadonlySet<FaceAttribute> = new Set([
  'headPose',
  'mask',
  'qualityForRecognition',
]);

function refuseWhatTheModelCannot(parameters: DetectParameters): void {
  const { detectionModel, attributes, returnFaceLandmarks, recognitionModel } = parameters;
  if (detectionModel === 'detection_02') {
    if (attributes.length > 0) throw badArgument("'returnFaceAttributes' is not supported by detection_02.");
    if (returnFaceLandmarks) throw badArgument("'returnLandmarks' is not supported by detection_02.");
  }
  if (detectionModel === 'detection_03' && attributes.some((name) => !ATTRIBUTES_OF_DETECTION_03.has(name))) {
    throw badArgument(
      "Only face attributes 'headpose,mask,qualityforrecognition' are supported by detection_03.",
    );
  }
  if (detectionModel === 'detection_01' && attributes.includes('mask'))
    throw badArgument("'mask' is not supported by detection_01.");
  const tellsQuality = recognitionModel === 'recognition_03' || recognitionModel === 'recognition_04';
  if (attributes.includes('qualityForRecognition') && !tellsQuality)
    throw badArgument("'qualityForRecognition' is not supported by the recognition model.");
}

/**
 * What the service refuses, with the status, code and message it gives (MicrosoftDocs/azure-docs,
 * ai-services/computer-vision/reference-face-error-codes.md).
 */
export class FaceApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds: number | null;

  constructor(status: number, code: string, message: string, retryAfterSeconds: number | null = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const badArgument = (message: string) => new FaceApiFailure(400, 'BadArgument', message);

export const invalidImage = (message: string) => new FaceApiFailure(400, 'InvalidImage', message);

export const invalidImageSize = (message: string) => new FaceApiFailure(400, 'InvalidImageSize', message);

export const invalidUrl = (message: string) => new FaceApiFailure(400, 'InvalidURL', message);

export const quotaExceeded = (message: string) => new FaceApiFailure(403, 'QuotaExceeded', message);

export const UNSUPPORTED_CODE = 'UnsupportedFeature';

/**
 * Limited Access. The code is the documented one; the live service wraps it (`InvalidRequest`, with this as its
 * `innererror`), so both are given, and a client that looks in either place finds it.
 */
export const unsupportedFeature = (features: string) =>
  new FaceApiFailure(
    403,
    UNSUPPORTED_CODE,
    `Feature is not supported, missing approval for one or more of the following features: ${features}. Please apply for access at https://aka.ms/facerecognition`,
  );

export const rateLimited = (retryAfterSeconds: number) =>
  new FaceApiFailure(429, '429', 'Rate limit is exceeded. Try again later.', retryAfterSeconds);

export const accessDenied = () =>
  new FaceApiFailure(
    401,
    '401',
    'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
  );

export const noSuchResource = (what: string) =>
  new FaceApiFailure(404, 'ResourceNotFound', `The requested resource was not found: ${what}`);

/** What a balancer answers when the replica that it chose is gone. */
export const badGateway = () =>
  new FaceApiFailure(502, 'BadGateway', 'The replica that worked on the request is gone.');

/** What a balancer answers when it has no replica that is ready. */
export const noReplica = () => new FaceApiFailure(503, 'ServiceUnavailable', 'No replica is ready.');

/** There is no answer: the connection breaks, as when a replica dies behind a balancer that only passes bytes. */
export class ConnectionReset extends Error {
  readonly code = 'ECONNRESET';

  constructor() {
    super('socket hang up');
  }
}

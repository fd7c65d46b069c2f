/** Refusals of the Power BI REST API. */

export type PowerBiRefusal =
  | 'BadRequest'
  | 'Unauthorized'
  | 'Forbidden'
  | 'PowerBIEntityNotFound'
  | 'PowerBIEntityAlreadyExists'
  | 'MethodNotAllowed'
  | 'RequestEntityTooLarge'
  | 'TooManyRequests'
  | 'RowLimitReached';

const STATUS: Readonly<Record<PowerBiRefusal, number>> = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  PowerBIEntityNotFound: 404,
  PowerBIEntityAlreadyExists: 409,
  MethodNotAllowed: 405,
  RequestEntityTooLarge: 413,
  TooManyRequests: 429,
  RowLimitReached: 403,
};

const FF_CODE: Readonly<Record<PowerBiRefusal, string>> = {
  BadRequest: 'FF_POWER_BI_BAD_REQUEST',
  Unauthorized: 'FF_POWER_BI_UNAUTHORIZED',
  Forbidden: 'FF_POWER_BI_FORBIDDEN',
  PowerBIEntityNotFound: 'FF_POWER_BI_NOT_FOUND',
  PowerBIEntityAlreadyExists: 'FF_POWER_BI_EXISTS',
  MethodNotAllowed: 'FF_POWER_BI_METHOD_NOT_ALLOWED',
  RequestEntityTooLarge: 'FF_POWER_BI_TOO_LARGE',
  TooManyRequests: 'FF_POWER_BI_TOO_MANY_REQUESTS',
  RowLimitReached: 'FF_POWER_BI_ROW_LIMIT',
};

export class PowerBiError extends Error {
  readonly code: string;
  readonly refusal: PowerBiRefusal;
  /** HTTP status. */
  readonly status: number;
  /** When to try again, in whole seconds; null where it would not help. */
  readonly retryAfterSeconds: number | null;

  constructor(refusal: PowerBiRefusal, message: string, retryAfterSeconds: number | null = null) {
    super(message);
    this.code = FF_CODE[refusal];
    this.refusal = refusal;
    this.status = STATUS[refusal];
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

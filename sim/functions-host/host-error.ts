export type HostErrorCode =
  | 'FF_FUNCTIONS_APP_NOT_FOUND'
  | 'FF_FUNCTIONS_APP_FAILED_TO_LOAD'
  | 'FF_FUNCTIONS_APP_UNSUPPORTED'
  | 'FF_FUNCTIONS_BINDING_UNSUPPORTED'
  | 'FF_FUNCTIONS_HOST_JSON'
  | 'FF_FUNCTIONS_SETTING_MISSING';

/** What a user has to put right in a function app: what, where, what was expected. */
export class FunctionsHostError extends Error {
  readonly code: HostErrorCode;

  constructor(code: HostErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

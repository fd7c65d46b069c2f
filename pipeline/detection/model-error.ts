export type ModelErrorCode =
  | 'FF_MODEL_CORRUPT'
  | 'FF_MODEL_MEMBER_MISSING'
  | 'FF_MODEL_CONFIG_INVALID'
  | 'FF_MODEL_GRAPH_INVALID'
  | 'FF_MODEL_INPUT_SIZE'
  | 'FF_MODEL_SOURCE_MISSING'
  | 'FF_MODEL_NO_BACKEND';

/** A model zip that cannot be used: the message says what is wrong, where, and what was expected. */
export class ModelError extends Error {
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModelError';
    this.code = code;
  }
}

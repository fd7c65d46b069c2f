/** Refusals of the service, with the AMQP condition by which clients know them. */

export type RefusalReason =
  | 'not-found'
  | 'unauthorized'
  | 'server-busy'
  | 'too-large'
  | 'stolen'
  | 'too-many-receivers'
  | 'out-of-range'
  | 'invalid-argument'
  | 'out-of-order'
  | 'producer-stolen'
  | 'undecodable';

interface Refusal {
  readonly code: string;
  readonly condition: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
}

const REFUSALS: Readonly<Record<RefusalReason, Refusal>> = {
  'not-found': { code: 'FF_EVENT_HUBS_NOT_FOUND', condition: 'amqp:not-found', retryable: false },
  unauthorized: {
    code: 'FF_EVENT_HUBS_UNAUTHORIZED',
    condition: 'amqp:unauthorized-access',
    retryable: false,
  },
  'server-busy': {
    code: 'FF_EVENT_HUBS_SERVER_BUSY',
    condition: 'com.microsoft:server-busy',
    retryable: true,
  },
  'too-large': {
    code: 'FF_EVENT_HUBS_TOO_LARGE',
    condition: 'amqp:link:message-size-exceeded',
    retryable: false,
  },
  stolen: { code: 'FF_EVENT_HUBS_STOLEN', condition: 'amqp:link:stolen', retryable: false },
  'too-many-receivers': {
    code: 'FF_EVENT_HUBS_TOO_MANY_RECEIVERS',
    condition: 'amqp:resource-limit-exceeded',
    retryable: false,
  },
  'out-of-range': {
    code: 'FF_EVENT_HUBS_OUT_OF_RANGE',
    condition: 'com.microsoft:argument-out-of-range',
    retryable: false,
  },
  'invalid-argument': {
    code: 'FF_EVENT_HUBS_INVALID_ARGUMENT',
    condition: 'com.microsoft:argument-error',
    retryable: false,
  },
  'out-of-order': {
    code: 'FF_EVENT_HUBS_OUT_OF_ORDER',
    condition: 'com.microsoft:out-of-order-sequence',
    retryable: false,
  },
  'producer-stolen': {
    code: 'FF_EVENT_HUBS_PRODUCER_STOLEN',
    condition: 'com.microsoft:producer-epoch-stolen',
    retryable: false,
  },
  undecodable: { code: 'FF_EVENT_HUBS_UNDECODABLE', condition: 'amqp:decode-error', retryable: false },
};

export class EventHubsError extends Error {
  readonly reason: RefusalReason;
  readonly code: string;
  readonly condition: string;
  readonly retryable: boolean;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    const { code, condition, retryable } = REFUSALS[reason];
    this.reason = reason;
    this.code = code;
    this.condition = condition;
    this.retryable = retryable;
  }
}

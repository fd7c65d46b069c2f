/** Where in a partition a receiver begins. */
import { EventHubsError } from './errors.js';

export type StartPosition =
  | { readonly from: 'earliest' }
  | { readonly from: 'latest' }
  | { readonly from: 'offset'; readonly value: number; readonly inclusive: boolean }
  | { readonly from: 'sequence-number'; readonly value: number; readonly inclusive: boolean }
  | { readonly from: 'enqueued-time'; readonly value: number; readonly inclusive: boolean };

const SELECTOR = /^\s*amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time)\s*(>=?)\s*'([^']*)'\s*$/;
const LATEST = '@latest';
const EARLIEST = '-1';

/**
 * The position that a receiver's `apache.org:selector-filter:string` asks for; the beginning without a filter.
 * Throws `EventHubsError` when the service would not understand it.
 */
export function positionOfSelector(selector: string | null): StartPosition {
  if (selector === null) return { from: 'earliest' };
  const [, annotation, operator, value] = SELECTOR.exec(selector) ?? [];
  if (annotation === undefined || value === undefined) throw misunderstood(selector);
  if (annotation === 'offset' && value === LATEST) return { from: 'latest' };
  if (annotation === 'offset' && value === EARLIEST) return { from: 'earliest' };
  const number = Number(value);
  if (value === '' || !Number.isFinite(number)) throw misunderstood(selector);
  const inclusive = operator === '>=';
  if (annotation === 'offset') return { from: 'offset', value: number, inclusive };
  if (annotation === 'enqueued-time') return { from: 'enqueued-time', value: number, inclusive };
  return { from: 'sequence-number', value: number, inclusive };
}

function misunderstood(selector: string): EventHubsError {
  return new EventHubsError(
    'invalid-argument',
    `the filter "${selector}" is not understood; expected amqp.annotation.x-opt-<offset|sequence-number|enqueued-time> > '<value>'`,
  );
}

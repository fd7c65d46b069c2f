/** Window functions of GROUP BY → window plans (Windowing pages). */

import type { CallExpression, Expression } from '../parser/syntax.js';
import type { Bound, WindowPlan } from '../plan.js';
import { QueryError } from '../query-error.js';
import { isSystemTimestamp } from './canonical.js';
import { checkedDuration, literalNumber, unitLengthMs, unitName } from './durations.js';

const NAMES: Readonly<Record<string, 'tumbling' | 'hopping' | 'sliding' | 'session'>> = {
  TUMBLINGWINDOW: 'tumbling',
  TUMBLING: 'tumbling',
  HOPPINGWINDOW: 'hopping',
  HOPPING: 'hopping',
  SLIDINGWINDOW: 'sliding',
  SLIDING: 'sliding',
  SESSIONWINDOW: 'session',
  SESSION: 'session',
};

export const WINDOW_FUNCTION_NAMES = [
  ...['TumblingWindow', 'HoppingWindow', 'SlidingWindow', 'SessionWindow', 'Windows'],
  ...['Tumbling', 'Hopping', 'Sliding', 'Session'],
];

/** Whether an item of GROUP BY is a window and not a key. */
export function isWindowCall(expression: Expression): expression is CallExpression {
  return expression.kind === 'call' && expression.prefix === undefined && isWindowName(expression.name);
}

export function isWindowName(name: string): boolean {
  return name.toUpperCase() in NAMES || name.toUpperCase() === 'WINDOWS';
}

/** The windows of one window function; `Windows(…)` has several. `bind` binds a session's PARTITION BY. */
export function bindWindows(
  call: CallExpression,
  bind: (expression: Expression) => Bound,
): readonly WindowPlan[] {
  if (call.name.toUpperCase() !== 'WINDOWS') return [bindWindow(call, null, bind)];
  if (call.args.length === 0)
    fail(call, 'Windows() needs window definitions', "Window('id', TumblingWindow(…))");
  const named = call.args.filter(isNamedWindow);
  if (named.length > 0 && named.length < call.args.length) {
    fail(call, 'Either all windows of Windows() have an id or none has', "Window('id', …) for each of them");
  }
  const windows = call.args.map((argument) => bindMember(argument, bind));
  const ids = windows.map((window) => window.id).filter((id) => id !== null);
  const repeated = ids.find((id, i) => ids.indexOf(id) !== i);
  if (repeated !== undefined) fail(call, `The window id '${repeated}' is used twice`, 'ids that differ');
  return windows;
}

function isNamedWindow(expression: Expression): boolean {
  return expression.kind === 'call' && expression.name.toUpperCase() === 'WINDOW';
}

function bindMember(member: Expression, bind: (expression: Expression) => Bound): WindowPlan {
  if (isSystemTimestamp(member)) return { id: null, kind: 'snapshot' };
  if (member.kind !== 'call')
    fail(member, 'Windows() takes window definitions', "Window('id', TumblingWindow(…))");
  if (!isNamedWindow(member)) {
    if (member.name.toUpperCase() === 'WINDOWS')
      fail(member, 'Windows() cannot be nested', 'a window definition');
    return bindWindow(member, null, bind);
  }
  const [id, definition] = member.args;
  if (id?.kind !== 'literal' || id.type !== 'string' || definition === undefined) {
    fail(member, 'Window() needs an id and a window definition', "Window('id', TumblingWindow(minute, 1))");
  }
  if (isSystemTimestamp(definition)) return { id: id.text, kind: 'snapshot' };
  if (definition.kind !== 'call') fail(definition, 'This is not a window definition', 'TumblingWindow(…)');
  return bindWindow(definition, id.text, bind);
}

function bindWindow(call: CallExpression, id: string | null, bind: (e: Expression) => Bound): WindowPlan {
  const kind = NAMES[call.name.toUpperCase()];
  if (kind === undefined) fail(call, `${call.name} is not a window`, WINDOW_FUNCTION_NAMES.join(', '));
  switch (kind) {
    case 'tumbling': {
      const [sizeMs = 0, offsetMs = 0] = lengths(
        call,
        ['DURATION'],
        'TumblingWindow(unit, size[, offset])',
        1,
      );
      return { id, kind: 'hopping', sizeMs, hopMs: sizeMs, offsetMs, tumbling: true };
    }
    case 'hopping': {
      const signature = 'HoppingWindow(unit, size, hop[, offset])';
      const [sizeMs = 0, hopMs = 0, offsetMs = 0] = lengths(call, ['DURATION', 'HOP'], signature, 1);
      return { id, kind: 'hopping', sizeMs, hopMs, offsetMs, tumbling: false };
    }
    case 'sliding': {
      const [sizeMs = 0] = lengths(call, ['DURATION'], 'SlidingWindow(unit, size)', 0);
      return { id, kind: 'sliding', sizeMs };
    }
    case 'session': {
      const signature = 'SessionWindow(unit, timeout, maxDuration) [OVER (PARTITION BY key)]';
      const [timeoutMs = 0, maxDurationMs = 0] = lengths(call, ['TIMEOUT', 'MAXDURATION'], signature, 0);
      const partitionBy = (call.over?.partitionBy ?? []).map(bind);
      return { id, kind: 'session', timeoutMs, maxDurationMs, partitionBy };
    }
  }
}

/**
 * The lengths of a window: either `(unit, n, n…)`, or one call for each, `(Duration(unit, n), Hop(unit, n))`.
 * `optional` more may follow: an offset, which alone may be negative.
 */
function lengths(
  call: CallExpression,
  wrappers: readonly string[],
  signature: string,
  optional: 0 | 1,
): readonly number[] {
  const unit = unitName(call.args[0]);
  const values =
    unit === undefined
      ? call.args.map((argument) => wrappedLength(argument, wrappers, signature))
      : plainLengths(call, unit, signature);
  const required = wrappers.length;
  if (values.length < required || values.length > required + optional) {
    fail(
      call,
      `${call.name} needs ${required} ${required === 1 ? 'length' : 'lengths'}, not ${values.length}`,
      signature,
    );
  }
  for (const [i, value] of values.entries()) {
    if (i < required && value <= 0) fail(call, `A length of ${call.name} is not above 0`, signature);
    if (i < required) checkedDuration(value, call.position);
  }
  return values;
}

function plainLengths(call: CallExpression, unit: string, signature: string): readonly number[] {
  const unitMs = unitLengthMs(unit, call.args[0] ?? call);
  return call.args.slice(1).map((argument) => {
    const number = literalNumber(argument);
    // The documentation also shows a wrapped offset after plain lengths.
    return number === undefined ? wrappedLength(argument, [], signature) : number * unitMs;
  });
}

function wrappedLength(argument: Expression, wrappers: readonly string[], signature: string): number {
  const allowed = [...wrappers, 'OFFSET'];
  if (argument.kind !== 'call' || !allowed.includes(argument.name.toUpperCase())) {
    fail(
      argument,
      'This is not a length of time',
      `${signature}, with a unit such as second, without quotes`,
    );
  }
  const unit = unitName(argument.args[0]);
  const number = literalNumber(argument.args[1]);
  if (unit === undefined || number === undefined)
    fail(argument, 'This needs a unit and a number', `${argument.name}(unit, number)`);
  return number * unitLengthMs(unit, argument);
}

function fail(at: Expression, message: string, expected: string): never {
  throw new QueryError({
    code: 'FF_QUERY_WINDOW',
    message,
    position: at.position,
    length: at.end - at.start,
    expected,
  });
}

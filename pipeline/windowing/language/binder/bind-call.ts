/** Calls: scalar functions, aggregates, analytic functions, JavaScript functions, System.* and metadata. */

import type { AggregateFunction } from '../../functions/aggregate-function.js';
import { findTableFunction } from '../../functions/record-functions.js';
import { FUNCTION_NAMES, findAggregateFunction, findScalarFunction } from '../../functions/registry.js';
import type { CallExpression, Expression } from '../parser/syntax.js';
import type { AggregatePlan, Bound } from '../plan.js';
import { QueryError } from '../query-error.js';
import { suggest } from '../suggest.js';
import { bindAnalytic, isAnalyticName } from './bind-analytic.js';
import { type BindContext, bindExpression, constant, refuse } from './bind-expression.js';
import {
  bindUserFunction,
  isUserFunction,
  unknownFunction,
  userAggregate,
  userAggregatePlan,
} from './bind-user-function.js';
import { isWindowName } from './bind-window.js';
import { unitLengthMs, unitName } from './durations.js';
import { DATE_PART_NAMES, datePart } from './time-units.js';

export function bindCall(call: CallExpression, context: BindContext): Bound {
  const prefix = call.prefix?.toLowerCase();
  if (prefix === 'system') return bindSystem(call, context);
  if (prefix === 'udf') return bindUserFunction(call, context);
  if (prefix === 'uda') return bindAggregateCall(call, userAggregate(call, context), context);
  if (prefix !== undefined && context.environment.compatibilityLevel === '1.2') {
    throw refuse(
      call,
      `Function '${call.prefix}.${call.name}' has an unknown prefix`,
      'udf., uda., System. or none',
    );
  }
  if (isWindowName(call.name)) {
    throw refuse(call, `${call.name} can only be used in GROUP BY`, 'a window in GROUP BY');
  }
  if (isAnalyticName(call.name) || call.over?.limit !== undefined) return bindAnalytic(call, context);
  const aggregate = findAggregateFunction(call.name);
  if (aggregate !== undefined) return bindAggregateCall(call, aggregate, context);
  if (call.name.toLowerCase() === 'getmetadatapropertyvalue') return bindMetadata(call, context);
  return bindScalar(call, context);
}

function bindSystem(call: CallExpression, context: BindContext): Bound {
  if (call.name.toLowerCase() === 'window') return bindWindowRecord(call, context);
  throw unknownFunction(call, ['System.Timestamp', 'System.Window']);
}

/** "The System.Window() function can only be used in the SELECT clause of the GROUP BY statement" (Windows page). */
export function bindWindowRecord(at: Expression, context: BindContext): Bound {
  if (context.group !== undefined) return { kind: 'window', type: 'record' };
  throw refuse(
    at,
    'System.Window() is of a window, and there is none here',
    'System.Window().Id in SELECT beside GROUP BY with a window',
    'FF_QUERY_WINDOW',
  );
}

function bindScalar(call: CallExpression, context: BindContext): Bound {
  if (findTableFunction(call.name) !== undefined) {
    throw refuse(
      call,
      `${call.name} gives rows, not a value`,
      `CROSS APPLY ${call.name}(…) AS element after FROM`,
    );
  }
  const fn = findScalarFunction(call.name);
  if (fn === undefined) {
    // "There was no strict validation of function prefixes" below 1.2 (Compatibility levels page).
    const isLoose = context.environment.compatibilityLevel !== '1.2';
    if (isLoose && isUserFunction(call, context)) return bindUserFunction(call, context);
    throw unknownFunction(call, FUNCTION_NAMES);
  }
  if (call.args.length < fn.minArgs || call.args.length > fn.maxArgs) {
    throw refuse(
      call,
      `${fn.name} has ${call.args.length} argument${call.args.length === 1 ? '' : 's'}`,
      fn.signature,
      'FF_QUERY_ARGUMENTS',
    );
  }
  const joined = context.inJoin && fn.name === 'DATEDIFF' ? bindElapsed(call, context) : undefined;
  if (joined !== undefined) return joined;
  const args = call.args.map((argument, i) =>
    i === 0 && fn.datePartFirst === true
      ? bindDatePart(argument)
      : bindTimeArgument(argument, fn.datePartFirst === true, context),
  );
  return { kind: 'scalar', fn, args, type: fn.returns ?? 'any' };
}

/** A source's name as an argument of a date function stands for its row's timestamp. */
function bindTimeArgument(argument: Expression, isDateFunction: boolean, context: BindContext): Bound {
  const source = isDateFunction ? sourceOf(argument, context) : undefined;
  return source === undefined
    ? bindExpression(argument, context)
    : { kind: 'sourceTime', source, type: 'datetime' };
}

function bindDatePart(argument: Expression): Bound {
  const name = argument.kind === 'literal' && argument.type === 'string' ? argument.text : unitName(argument);
  const part = name === undefined ? undefined : datePart(name);
  if (part !== undefined) return constant(part, 'nvarchar(max)');
  const suggestion = suggest(name ?? '', DATE_PART_NAMES);
  throw new QueryError({
    code: 'FF_QUERY_UNIT',
    message: `'${name ?? 'This'}' is not a part of a date`,
    position: argument.position,
    length: argument.end - argument.start,
    expected: 'year, month, day, hour, minute, second, millisecond, …',
    ...(suggestion === undefined ? {} : { suggestion }),
  });
}

/** DATEDIFF(unit, source1, source2) in ON: the time that elapsed between the two rows' timestamps (JOIN page). */
function bindElapsed(call: CallExpression, context: BindContext): Bound | undefined {
  const [unit, from, to] = call.args;
  const fromSource = sourceOf(from, context);
  const toSource = sourceOf(to, context);
  if (fromSource === undefined || toSource === undefined) return undefined;
  const unitMs = unitLengthMs(unitName(unit) ?? '', unit ?? call);
  return { kind: 'elapsed', from: fromSource, to: toSource, unitMs, type: 'float' };
}

function sourceOf(expression: Expression | undefined, context: BindContext): number | undefined {
  if (expression?.kind !== 'name' || expression.parts.length !== 1) return undefined;
  const source = context.scope.findSource(expression.parts[0] ?? '');
  return source < 0 ? undefined : source;
}

/** `GetMetadataPropertyValue(input, 'property')`. */
function bindMetadata(call: CallExpression, context: BindContext): Bound {
  const [input, property] = call.args;
  const source = sourceOf(input, context);
  if (source === undefined || property === undefined || call.args.length !== 2) {
    throw refuse(
      call,
      'GetMetadataPropertyValue needs an input of FROM and a property',
      "GetMetadataPropertyValue(input, 'EventId')",
    );
  }
  return { kind: 'metadata', source, property: bindExpression(property, context), type: 'any' };
}

/** An aggregate over the rows of a window. */
function bindAggregateCall(
  call: CallExpression,
  fn: AggregateFunction | string,
  context: BindContext,
): Bound {
  if (context.inAggregate === true) {
    throw refuse(call, 'An aggregate cannot be used inside another', 'a WITH step for the inner one');
  }
  if (context.group === undefined) {
    throw refuse(
      call,
      `${call.name} is an aggregate, and there is no window here to aggregate over`,
      `GROUP BY with a window, such as GROUP BY TumblingWindow(minute, 1); or ${call.name}(…) OVER (LIMIT DURATION(minute, 1))`,
      'FF_QUERY_AGGREGATE_WITHOUT_WINDOW',
    );
  }
  const { aggregates } = context.group;
  const plan = bindAggregatePlan(call, fn, { ...context, group: undefined, inAggregate: true });
  const type = typeof fn === 'string' ? 'any' : (fn.returns ?? 'any');
  return { kind: 'aggregate', index: aggregates.push(plan) - 1, type };
}

/** The arguments of an aggregate, bound on the rows it aggregates. */
export function bindAggregatePlan(
  call: CallExpression,
  fn: AggregateFunction | string,
  context: BindContext,
): AggregatePlan {
  const bind = (expression: Expression): Bound => bindExpression(expression, context);
  const orderBy = (call.over?.orderBy ?? []).map((item) => ({
    expression: bind(item.expression),
    descending: item.descending,
  }));
  if (typeof fn === 'string') return userAggregatePlan(fn, call.args.map(bind), orderBy);
  const countsRows = fn.name === 'COUNT' && !call.distinct && countsEveryRow(call, context);
  const written = countsRows ? [] : call.args;
  const constants = written.slice(0, fn.constantArgs).map(bind).map(constantOf);
  const args = written.slice(fn.constantArgs).map(bind);
  const tooFew = !countsRows && args.length < fn.minArgs;
  if (
    tooFew ||
    args.length > fn.maxArgs ||
    constants.length < fn.constantArgs ||
    constants.includes(undefined)
  ) {
    throw refuse(call, `${fn.name} cannot be called so`, fn.signature, 'FF_QUERY_ARGUMENTS');
  }
  const [fraction] = constants;
  if (fn.name.startsWith('PERCENTILE') && !(Number(fraction) >= 0 && Number(fraction) <= 1)) {
    throw refuse(
      call.args[0] ?? call,
      'A percentile lies between 0 and 1',
      fn.signature,
      'FF_QUERY_ARGUMENTS',
    );
  }
  if (call.distinct && !fn.allowsDistinct)
    throw refuse(call, `${fn.name} does not take DISTINCT`, fn.signature);
  if (fn.needsOrder && orderBy.length === 0) throw refuse(call, `${fn.name} needs an order`, fn.signature);
  const known = constants.map((value) => value ?? null);
  return { fn, args, constants: known, distinct: call.distinct, orderBy, userDefined: undefined };
}

/** "COUNT(input_stream) is equivalent to COUNT() and COUNT(*)" (COUNT page). */
function countsEveryRow(call: CallExpression, context: BindContext): boolean {
  const [argument] = call.args;
  if (call.args.length > 1) return false;
  return argument === undefined || argument.kind === 'star' || sourceOf(argument, context) !== undefined;
}

function constantOf(bound: Bound): Extract<Bound, { kind: 'constant' }>['value'] | undefined {
  return bound.kind === 'constant' ? bound.value : undefined;
}

/** Analytic functions: LAG, LAST, ISFIRST, anomaly detection, and aggregates OVER (… LIMIT DURATION(…)). */
import { AGGREGATE_FUNCTIONS, findAggregateFunction } from '../../functions/registry.js';
import type { CallExpression, Expression } from '../parser/syntax.js';
import type { AnalyticPlan, Bound, StaticType } from '../plan.js';
import { bindAggregatePlan } from './bind-call.js';
import { type BindContext, bindExpression, refuse } from './bind-expression.js';
import { checkedDuration, durationMs, literalNumber, unitLengthMs, unitName } from './durations.js';
import { insteadOfFunction } from './foreign-words.js';

const ANALYTIC = new Set([
  'LAG',
  'LAST',
  'ISFIRST',
  'ANOMALYDETECTION_SPIKEANDDIP',
  'ANOMALYDETECTION_CHANGEPOINT',
]);

export function isAnalyticName(name: string): boolean {
  return ANALYTIC.has(name.toUpperCase());
}

export function bindAnalytic(call: CallExpression, context: BindContext): Bound {
  if (context.group !== undefined || context.analytics === undefined) {
    throw refuse(
      call,
      context.group === undefined
        ? `${call.name} cannot be used here, nor inside another analytic function`
        : `${call.name} works on events, not on the groups of a window`,
      'it in SELECT or WHERE of a query without GROUP BY, or inside an aggregate; a WITH step can come between',
    );
  }
  // What an analytic function looks at cannot itself look back.
  const inner: BindContext = { ...context, analytics: undefined };
  const common = {
    partitionBy: (call.over?.partitionBy ?? []).map((key) => bindExpression(key, inner)),
    when: call.over?.when === undefined ? undefined : bindExpression(call.over.when, inner),
  };
  const [plan, type] = bindKind(call, inner, common);
  return { kind: 'analytic', index: context.analytics.push(plan) - 1, type };
}

type Common = Pick<AnalyticPlan, 'partitionBy' | 'when'>;

function bindKind(
  call: CallExpression,
  context: BindContext,
  common: Common,
): readonly [AnalyticPlan, StaticType] {
  switch (call.name.toUpperCase()) {
    case 'LAG':
      return bindLag(call, context, common);
    case 'LAST':
      return bindLast(call, context, common);
    case 'ISFIRST':
      return [{ ...common, kind: 'isFirst', intervalMs: bindInterval(call) }, 'bigint'];
    case 'ANOMALYDETECTION_SPIKEANDDIP':
    case 'ANOMALYDETECTION_CHANGEPOINT':
      return [bindAnomaly(call, context, common), 'record'];
    default:
      return bindAggregate(call, context, common);
  }
}

function limitOf(call: CallExpression): number {
  if (call.over?.limit !== undefined) return durationMs(call.over.limit);
  throw refuse(
    call,
    `${call.name} needs a limit to how far back it looks`,
    `${call.name}(…) OVER (LIMIT DURATION(minute, 5))`,
    'FF_QUERY_LIMIT_MISSING',
  );
}

/** `LAG(expression[, offset[, default]])`; `*` is the whole event. */
function bindLag(
  call: CallExpression,
  context: BindContext,
  common: Common,
): readonly [AnalyticPlan, StaticType] {
  const [value, offsetArgument, fallback] = call.args;
  const offset = offsetArgument === undefined ? 1 : literalNumber(offsetArgument);
  const signature = 'LAG(expression[, offset[, default]]) OVER ([PARTITION BY …] LIMIT DURATION(…) [WHEN …])';
  if (value === undefined || call.args.length > 3)
    throw refuse(call, 'LAG needs 1 to 3 arguments', signature);
  if (offset === undefined || !Number.isInteger(offset) || offset < 1) {
    throw refuse(offsetArgument ?? call, 'The offset of LAG must be a whole number of at least 1', signature);
  }
  return lookBack(call, context, common, value, offset, fallback);
}

/** `LAST(expression[, default])`: like LAG with offset 0, the current event included. */
function bindLast(
  call: CallExpression,
  context: BindContext,
  common: Common,
): readonly [AnalyticPlan, StaticType] {
  const [value, fallback] = call.args;
  const signature = 'LAST(expression[, default]) OVER ([PARTITION BY …] LIMIT DURATION(…) [WHEN …])';
  if (value === undefined || call.args.length > 2)
    throw refuse(call, 'LAST needs 1 or 2 arguments', signature);
  return lookBack(call, context, common, value, 0, fallback);
}

function lookBack(
  call: CallExpression,
  context: BindContext,
  common: Common,
  valueSyntax: Expression,
  offset: number,
  fallback: Expression | undefined,
): readonly [AnalyticPlan, StaticType] {
  const value: Bound =
    valueSyntax.kind === 'star'
      ? { kind: 'record', source: 0, type: 'record' }
      : bindExpression(valueSyntax, context);
  const plan: AnalyticPlan = {
    ...common,
    kind: 'lag',
    value,
    offset,
    fallback: fallback === undefined ? undefined : bindExpression(fallback, context),
    limitMs: limitOf(call),
  };
  return [plan, value.type];
}

/** `ISFIRST(unit, length)`. */
function bindInterval(call: CallExpression): number {
  const unit = unitName(call.args[0]);
  const length = literalNumber(call.args[1]);
  if (unit === undefined || length === undefined || length <= 0 || call.args.length !== 2) {
    throw refuse(
      call,
      'ISFIRST needs a unit and a length',
      'ISFIRST(minute, 10) [OVER ([PARTITION BY …] [WHEN …])]',
    );
  }
  return checkedDuration(length * unitLengthMs(unit, call.args[0] ?? call), call.position);
}

function bindAggregate(
  call: CallExpression,
  context: BindContext,
  common: Common,
): readonly [AnalyticPlan, StaticType] {
  const fn = findAggregateFunction(call.name);
  if (fn === undefined) {
    const instead = insteadOfFunction(call.name);
    if (instead !== undefined) throw refuse(call, `There is no function '${call.name}'`, instead);
    const names = AGGREGATE_FUNCTIONS.map((known) => known.name).join(', ');
    throw refuse(
      call,
      `${call.name} cannot be used with OVER`,
      `LAG, LAST, ISFIRST or an aggregate: ${names}`,
    );
  }
  if (call.distinct) {
    throw refuse(
      call,
      `${fn.name}(DISTINCT …) cannot be used with OVER`,
      `${fn.name} of every value, or a window`,
    );
  }
  const aggregate = bindAggregatePlan(call, fn, context);
  return [{ ...common, kind: 'aggregate', aggregate, limitMs: limitOf(call) }, fn.returns ?? 'any'];
}

/** `AnomalyDetection_SpikeAndDip(value, confidence, history, mode)`, `AnomalyDetection_ChangePoint(value, confidence, history)`. */
function bindAnomaly(call: CallExpression, context: BindContext, common: Common): AnalyticPlan {
  const detector = call.name.toUpperCase().endsWith('CHANGEPOINT') ? 'changePoint' : 'spikeAndDip';
  const signature =
    detector === 'changePoint'
      ? 'AnomalyDetection_ChangePoint(value, confidence, historySize) OVER (LIMIT DURATION(…))'
      : "AnomalyDetection_SpikeAndDip(value, confidence, historySize, 'spikes' | 'dips' | 'spikesanddips') OVER (LIMIT DURATION(…))";
  const [value, confidenceArgument, historyArgument, modeArgument] = call.args;
  const confidence = literalNumber(confidenceArgument);
  const history = literalNumber(historyArgument);
  const mode = modeArgument?.kind === 'literal' ? modeArgument.text.toLowerCase() : 'spikesanddips';
  const known = mode === 'spikes' || mode === 'dips' || mode === 'spikesanddips';
  if (value === undefined || confidence === undefined || history === undefined || !known) {
    throw refuse(call, `${call.name} cannot be called so`, signature, 'FF_QUERY_ARGUMENTS');
  }
  if (confidence < 1 || confidence > 100) {
    throw refuse(
      confidenceArgument ?? call,
      'The confidence must lie between 1 and 100',
      signature,
      'FF_QUERY_ARGUMENTS',
    );
  }
  const bound = bindExpression(value, context);
  return {
    ...common,
    kind: 'anomaly',
    detector,
    value: bound,
    confidence,
    history,
    mode,
    limitMs: limitOf(call),
  };
}

/**
 * ON → what a join needs: equal keys to look rows up by, a time bound for streams, and whatever else it says.
 */

import type { CombinatorSyntax, Expression } from '../parser/syntax.js';
import type { Bound, CombinatorPlan, InputPlan, ReferencePlan, SourcePlan, TimeBound } from '../plan.js';
import { QueryError } from '../query-error.js';
import { type BindContext, bindExpression, refuse } from './bind-expression.js';
import { MAX_DURATION_MS } from './durations.js';

type JoinSyntax = Extract<CombinatorSyntax, { kind: 'join' }>;

/** Binds a join of `source`, which is the last of the context's scope; `earlier` are what stands left of it. */
export function bindJoin(
  join: JoinSyntax,
  source: SourcePlan,
  context: BindContext,
  earlier: readonly CombinatorPlan[],
): CombinatorPlan {
  const right = context.scope.sources.length - 1;
  const { on } = join;
  const conjuncts =
    on === undefined ? [] : split(bindExpression(on, { ...context, analytics: undefined, inJoin: true }));
  const isReference = source.from.kind === 'reference';
  const equalities: { left: Bound; right: Bound }[] = [];
  const bounds = new Map<number, { lowMs: number; highMs: number }>();
  const rest: Bound[] = [];
  for (const conjunct of conjuncts) {
    const equality = asEquality(conjunct, right);
    const bound = asTimeBound(conjunct, right);
    if (equality !== undefined) equalities.push(equality);
    else if (bound !== undefined && !isReference) {
      const known = bounds.get(bound.anchor) ?? {
        lowMs: Number.NEGATIVE_INFINITY,
        highMs: Number.POSITIVE_INFINITY,
      };
      known.lowMs = Math.max(known.lowMs, bound.lowMs);
      known.highMs = Math.min(known.highMs, bound.highMs);
      bounds.set(bound.anchor, known);
      // Strict comparisons, and bounds of other pairs, are checked on each match.
      rest.push(conjunct);
    } else rest.push(conjunct);
  }
  const common = {
    outer: join.outer,
    source,
    leftKeys: equalities.map((equality) => equality.left),
    rightKeys: equalities.map((equality) => equality.right),
    residual: rest.reduce<Bound | undefined>(
      (all, next) => (all === undefined ? next : { kind: 'and', left: all, right: next, type: 'bit' }),
      undefined,
    ),
  };
  if (isReference) return { ...common, kind: 'referenceJoin' };
  const { assume } = context.environment;
  if (assume !== undefined && bounds.size === 0 && source.from.kind === 'input') {
    assume(`'${source.from.name}' is joined without a bound on time; it is taken for reference data`);
    return { ...common, kind: 'referenceJoin', source: { ...source, from: asReference(source.from) } };
  }
  if (on === undefined) throw unbound(join, 'CROSS JOIN'.length);
  const bound = finiteBound(join, on, bounds);
  return { ...common, kind: 'streamJoin', bound: { ...bound, leftLagMs: lagBehind(bound.anchor, earlier) } };
}

function asReference(input: InputPlan): ReferencePlan {
  return { kind: 'reference', name: input.name, query: undefined, shape: { columns: [], open: true } };
}

/**
 * How much later than the row of source `anchor` a row of the left side can come: it has the time of its latest
 * part, and every join before gives one within its bound.
 */
function lagBehind(anchor: number, earlier: readonly CombinatorPlan[]): number {
  return earlier.reduce((lagMs, combinator, i) => {
    if (combinator.kind !== 'streamJoin') return lagMs;
    const { bound } = combinator;
    if (i + 1 < anchor) return lagMs;
    // Where the anchor came in, rows had lagged behind its own anchor by what that join knew.
    if (i + 1 === anchor) return Math.max(0, bound.leftLagMs - bound.lowMs);
    return Math.max(lagMs, (bound.anchor === anchor ? 0 : lagMs) + bound.highMs);
  }, 0);
}

function finiteBound(
  join: JoinSyntax,
  on: Expression,
  bounds: ReadonlyMap<number, { lowMs: number; highMs: number }>,
): Omit<TimeBound, 'leftLagMs'> {
  for (const [anchor, { lowMs, highMs }] of bounds) {
    if (!Number.isFinite(lowMs) || !Number.isFinite(highMs)) continue;
    if (Math.max(Math.abs(lowMs), Math.abs(highMs)) > MAX_DURATION_MS) {
      throw refuse(
        on,
        'DATEDIFF in a join can be 7 days at most',
        'a bound of at most 7 days',
        'FF_QUERY_JOIN_BOUND',
      );
    }
    return { anchor, lowMs, highMs };
  }
  throw unbound({ ...join, position: on.position }, on.end - on.start);
}

function unbound({ position }: JoinSyntax, length: number): QueryError {
  return new QueryError({
    code: 'FF_QUERY_JOIN_BOUND',
    message: 'A join of two streams needs a bound on the time between their events, on both sides',
    position,
    length,
    expected:
      'AND DATEDIFF(minute, left, right) BETWEEN 0 AND 5 in ON, with the names of the two sources; only reference data can be joined without',
  });
}

function split(bound: Bound): readonly Bound[] {
  return bound.kind === 'and' ? [...split(bound.left), ...split(bound.right)] : [bound];
}

/** `left = right`, one side of the new source alone, the other of the rest alone. */
function asEquality(bound: Bound, right: number): { left: Bound; right: Bound } | undefined {
  if (bound.kind !== 'compare' || bound.operator !== '=') return undefined;
  const first = sourcesOf(bound.left);
  const second = sourcesOf(bound.right);
  const only = (sources: ReadonlySet<number>): boolean =>
    sources.size > 0 && [...sources].every((s) => s === right);
  const none = (sources: ReadonlySet<number>): boolean => sources.size > 0 && !sources.has(right);
  if (only(second) && none(first)) return alike(bound.left, bound.right);
  if (only(first) && none(second)) return alike(bound.right, bound.left);
  return undefined;
}

/** Keys are looked up, not compared: beside a datetime, a string must be read as one first. */
function alike(left: Bound, right: Bound): { left: Bound; right: Bound } {
  if (left.type === 'datetime' && right.type !== 'datetime') return { left, right: asDateTime(right) };
  if (right.type === 'datetime' && left.type !== 'datetime') return { left: asDateTime(left), right };
  return { left, right };
}

function asDateTime(operand: Bound): Bound {
  return { kind: 'cast', operand, to: 'datetime', lenient: true, type: 'datetime' };
}

/** A comparison of DATEDIFF with a constant, as a bound on `new − anchor`. */
function asTimeBound(bound: Bound, right: number): Omit<TimeBound, 'leftLagMs'> | undefined {
  if (bound.kind !== 'compare') return undefined;
  const flipped = bound.left.kind !== 'elapsed';
  const elapsed = flipped ? bound.right : bound.left;
  const limit = constantNumber(flipped ? bound.left : bound.right);
  if (elapsed.kind !== 'elapsed' || limit === undefined) return undefined;
  const operator = flipped ? (FLIPPED[bound.operator] ?? bound.operator) : bound.operator;
  const limitMs = limit * elapsed.unitMs;
  const range = rangeOf(operator, limitMs);
  if (range === undefined) return undefined;
  const [lowMs, highMs] = range;
  if (elapsed.to === right && elapsed.from !== right) return { anchor: elapsed.from, lowMs, highMs };
  if (elapsed.from === right && elapsed.to !== right)
    return { anchor: elapsed.to, lowMs: -highMs, highMs: -lowMs };
  return undefined;
}

const FLIPPED: Readonly<Record<string, '<' | '<=' | '>' | '>='>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function rangeOf(operator: string, limitMs: number): readonly [number, number] | undefined {
  if (operator === '=') return [limitMs, limitMs];
  if (operator === '<' || operator === '<=') return [Number.NEGATIVE_INFINITY, limitMs];
  if (operator === '>' || operator === '>=') return [limitMs, Number.POSITIVE_INFINITY];
  return undefined;
}

function constantNumber(bound: Bound): number | undefined {
  if (bound.kind === 'negate') {
    const inner = constantNumber(bound.operand);
    return inner === undefined ? undefined : -inner;
  }
  return bound.kind === 'constant' && typeof bound.value === 'number' ? bound.value : undefined;
}

/** Every source that an expression reads. */
export function sourcesOf(bound: Bound, into = new Set<number>()): ReadonlySet<number> {
  if ('source' in bound) into.add(bound.source);
  if (bound.kind === 'elapsed') into.add(bound.from).add(bound.to);
  for (const child of childrenOf(bound)) sourcesOf(child, into);
  return into;
}

/** The expressions directly inside one. */
export function childrenOf(bound: Bound): readonly Bound[] {
  switch (bound.kind) {
    case 'field':
      return [bound.of];
    case 'scalar':
    case 'udf':
      return bound.args;
    case 'metadata':
      return [bound.property];
    case 'arithmetic':
    case 'compare':
    case 'and':
    case 'or':
      return [bound.left, bound.right];
    case 'negate':
    case 'complement':
    case 'not':
    case 'isNull':
    case 'cast':
      return [bound.operand];
    case 'in':
      return [bound.operand, ...bound.items];
    case 'like':
      return bound.escaper === undefined
        ? [bound.operand, bound.pattern]
        : [bound.operand, bound.pattern, bound.escaper];
    case 'case':
      return [...bound.branches.flatMap((branch) => [branch.when, branch.result]), bound.otherwise];
    default:
      return [];
  }
}

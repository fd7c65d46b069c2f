/** What a job reads of each input, so that its reader can leave the rest. */
import { childrenOf } from '../../language/binder/bind-join.js';
import type {
  AggregatePlan,
  AnalyticPlan,
  Bound,
  InputPlan,
  JobPlan,
  MatchPlan,
  QueryPlan,
  SelectPlan,
  SourcePlan,
} from '../../language/plan.js';
import { componentsOf } from '../arrival/components.js';

export interface InputNeeds {
  /** Fields of the body; undefined when whole events are needed. */
  readonly fields: readonly string[] | undefined;
  /** Those of `fields` that are only read as the event's time, by TIMESTAMP BY. */
  readonly timeFields: readonly string[];
  /** Rows are kept beyond the call that gives them. */
  readonly keepsRows: boolean;
}

interface Gathered {
  readonly fields: Set<string>;
  readonly timeFields: Set<string>;
  isWhole: boolean;
  keepsRows: boolean;
}

/** The needs of every input, by its name. */
export function inputNeeds(plan: JobPlan): ReadonlyMap<string, InputNeeds> {
  const gathered = new Map<string, Gathered>();
  for (const { query } of plan.outputs) gatherQuery(query, gathered);
  return needsByName(gathered);
}

/** What tells when the events of every input happened, and nothing else. */
export function timeNeeds(plan: JobPlan): ReadonlyMap<string, InputNeeds> {
  const gathered = new Map<string, Gathered>();
  for (const { inputs } of componentsOf(plan)) for (const input of inputs) gatherTime(input, gathered);
  return needsByName(gathered);
}

function needsByName(gathered: ReadonlyMap<string, Gathered>): ReadonlyMap<string, InputNeeds> {
  return new Map(
    [...gathered].map(([name, needs]) => [
      name,
      {
        fields: needs.isWhole ? undefined : distinctFields([...needs.fields, ...needs.timeFields]),
        timeFields: [...needs.timeFields].filter((name) => !needs.fields.has(name)),
        keepsRows: needs.keepsRows,
      },
    ]),
  );
}

/**
 * Names without repetition; undefined, for whole events, when two of them differ in case alone: which field each
 * of them means only the event tells.
 */
function distinctFields(names: readonly string[]): readonly string[] | undefined {
  const distinct = [...new Set(names)];
  return new Set(distinct.map((name) => name.toLowerCase())).size === distinct.length ? distinct : undefined;
}

function gatherQuery(query: QueryPlan, into: Map<string, Gathered>): void {
  for (const select of query.selects) gatherSelect(select, into);
}

function gatherSelect(select: SelectPlan, into: Map<string, Gathered>): void {
  const sources: (Gathered | undefined)[] = [gatherSource(select.source, into)];
  for (const combinator of select.combinators) {
    sources.push(combinator.kind === 'apply' ? undefined : gatherSource(combinator.source, into));
  }
  const read = (bound: Bound | undefined): void => gatherBound(bound, sources);
  for (const item of select.projection) {
    if (item.kind !== 'star') read(item.value);
    else whole(sources[item.source]);
  }
  read(select.where);
  for (const analytic of select.analytics) gatherAnalytic(analytic, read, sources[0]);
  for (const combinator of select.combinators) {
    if (combinator.kind === 'apply') read(combinator.value);
    else
      for (const bound of [...combinator.leftKeys, ...combinator.rightKeys, combinator.residual]) read(bound);
    for (const source of sources) if (source !== undefined) source.keepsRows = true;
  }
  const { grouping } = select;
  if (grouping === undefined) return;
  grouping.keys.forEach(read);
  read(grouping.having);
  for (const window of grouping.windows) if (window.kind === 'session') window.partitionBy.forEach(read);
  for (const aggregate of grouping.aggregates) gatherAggregate(aggregate, read, sources[0]);
}

function gatherSource(source: SourcePlan, into: Map<string, Gathered>): Gathered | undefined {
  if (source.from.kind === 'step') {
    gatherQuery(source.from.query, into);
    return undefined;
  }
  if (source.from.kind === 'reference') return undefined;
  const needs = gatherInput(source.from, into);
  if (source.match !== undefined) gatherMatch(source.match, needs);
  return needs;
}

function gatherInput(input: InputPlan, into: Map<string, Gathered>): Gathered {
  const needs = gatherTime(input, into);
  for (const bound of [...input.over, ...input.partitionBy]) gatherBound(bound, [needs]);
  return needs;
}

function gatherTime(input: InputPlan, into: Map<string, Gathered>): Gathered {
  const known = into.get(input.name);
  const needs = known ?? {
    fields: new Set<string>(),
    timeFields: new Set<string>(),
    isWhole: false,
    keepsRows: false,
  };
  into.set(input.name, needs);
  const time = input.timestampBy;
  if (time?.kind === 'column' && time.path.length === 0) needs.timeFields.add(time.name);
  else gatherBound(time, [needs]);
  if (input.table !== undefined) whole(needs);
  return needs;
}

function gatherMatch(match: MatchPlan, needs: Gathered): void {
  needs.keepsRows = true;
  const expressions = [...match.define.values(), ...match.measures.map((measure) => measure.value)];
  const bounds = [...match.partitionBy, ...expressions.flatMap((e) => e.aggregates.map((a) => a.value))];
  for (const bound of bounds) gatherBound(bound, [needs]);
}

function gatherAnalytic(
  plan: AnalyticPlan,
  read: (bound: Bound | undefined) => void,
  first: Gathered | undefined,
): void {
  plan.partitionBy.forEach(read);
  read(plan.when);
  if (plan.kind === 'lag') {
    read(plan.value);
    read(plan.fallback);
  } else if (plan.kind === 'anomaly') read(plan.value);
  else if (plan.kind === 'aggregate') {
    gatherAggregate(plan.aggregate, read, first);
    // What an aggregate looks back on is kept with its row.
    if (first !== undefined) first.keepsRows = true;
  }
}

function gatherAggregate(
  plan: AggregatePlan,
  read: (bound: Bound | undefined) => void,
  first: Gathered | undefined,
): void {
  plan.args.forEach(read);
  for (const item of plan.orderBy) read(item.expression);
  if (plan.fn.keepsRows && plan.args.length === 0) whole(first);
}

function gatherBound(bound: Bound | undefined, sources: readonly (Gathered | undefined)[]): void {
  if (bound === undefined) return;
  if (bound.kind === 'column') sources[bound.source]?.fields.add(bound.name);
  else if (bound.kind === 'record') whole(sources[bound.source]);
  else if (bound.kind === 'metadata' && sources[bound.source] !== undefined) whole(sources[bound.source]);
  for (const child of childrenOf(bound)) gatherBound(child, sources);
}

function whole(needs: Gathered | undefined): void {
  if (needs === undefined) return;
  needs.isWhole = true;
  needs.keepsRows = true;
}

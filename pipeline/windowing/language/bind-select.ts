/** One SELECT → its plan: sources, joins, the filter, groups and the columns it gives. */
import { TABLE_FUNCTIONS, type TableFunctionName } from '../functions/record-functions.js';
import { type BindContext, bindExpression, type GroupContext, refuse } from './bind-expression.js';
import { bindJoin } from './bind-join.js';
import { bindMatch } from './bind-match.js';
import { bindWindows, isWindowCall } from './bind-window.js';
import { canonical, isSystemTimestamp } from './canonical.js';
import type { BindEnvironment } from './environment.js';
import { nameColumns } from './name-columns.js';
import type {
  AnalyticPlan,
  Bound,
  CombinatorPlan,
  GroupingPlan,
  ProjectionItem,
  RowShape,
  SelectPlan,
  SourcePlan,
  WindowPlan,
} from './plan.js';
import { QueryError } from './query-error.js';
import { Scope } from './scope.js';
import type { CombinatorSyntax, Expression, SelectSyntax, SourceSyntax } from './syntax.js';

/** Finds what a source of FROM is: an input, reference data or a step. */
export type SourceBinder = (source: SourceSyntax) => SourcePlan['from'];

export function bindSelect(
  select: SelectSyntax,
  environment: BindEnvironment,
  bindSource: SourceBinder,
): SelectPlan {
  const source = bindFrom(select.from, environment, bindSource);
  if (source.from.kind === 'reference') {
    throw new QueryError({
      code: 'FF_QUERY_REFERENCE_ALONE',
      message: `'${select.from.name}' is reference data, which can only be joined to a stream`,
      position: select.from.position,
      expected: 'a stream input in FROM, and the reference data in JOIN',
    });
  }
  let scope = new Scope([source]);
  const combinators: CombinatorPlan[] = [];
  for (const combinator of select.combinators) {
    const [plan, widened] = bindCombinator(combinator, scope, environment, bindSource);
    combinators.push(plan);
    scope = widened;
  }
  const analytics: AnalyticPlan[] = [];
  const rows: BindContext = { scope, environment, analytics, group: undefined, inJoin: false };
  const where = select.where === undefined ? undefined : bindExpression(select.where, rows);
  const grouped = bindGrouping(select, rows, source);
  const context: BindContext = grouped === undefined ? rows : { ...rows, group: grouped.context };
  const [projection, shape] = bindItems(select, context, combinators);
  const having = bindHaving(select, context);
  const grouping = grouped === undefined ? undefined : { ...grouped.plan, having };
  return { source, combinators, analytics, where, grouping, projection, shape, position: select.position };
}

function bindFrom(from: SourceSyntax, environment: BindEnvironment, bindSource: SourceBinder): SourcePlan {
  const bound = bindSource(from);
  const shape = shapeOf(bound);
  if (from.match === undefined) return { alias: from.alias, shape, from: bound, match: undefined };
  const match = bindMatch(from.match, shape, environment);
  const columns = match.measures.map((measure) => ({ name: measure.name, type: 'any' as const }));
  const keys = from.match.partitionBy.flatMap((key) =>
    key.kind === 'name' ? [key.parts[key.parts.length - 1] ?? ''] : [],
  );
  const partitions = keys.map((name) => ({ name, type: 'any' as const }));
  return {
    alias: from.alias,
    shape: { columns: [...partitions, ...columns], open: false },
    from: bound,
    match,
  };
}

function shapeOf(from: SourcePlan['from']): RowShape {
  if (from.kind === 'step') return from.shape;
  if (from.kind === 'input' && from.table !== undefined) return { columns: from.table.columns, open: true };
  return { columns: [], open: true };
}

function bindCombinator(
  combinator: CombinatorSyntax,
  scope: Scope,
  environment: BindEnvironment,
  bindSource: SourceBinder,
): readonly [CombinatorPlan, Scope] {
  const context: BindContext = { scope, environment, analytics: undefined, group: undefined, inJoin: false };
  if (combinator.kind === 'join') {
    const source = bindFrom(combinator.source, environment, bindSource);
    const widened = widen(scope, source, combinator.source.position);
    return [bindJoin(combinator, source, { ...context, scope: widened }), widened];
  }
  const fn = (Object.keys(TABLE_FUNCTIONS) as TableFunctionName[]).find(
    (name) => name.toLowerCase() === combinator.call.name.toLowerCase(),
  );
  const [argument] = combinator.call.args;
  if (fn === undefined || argument === undefined || combinator.call.args.length !== 1) {
    throw refuse(
      combinator.call,
      'APPLY needs a table-valued function of one argument',
      'GetArrayElements(array) or GetRecordProperties(record)',
    );
  }
  const columns = TABLE_FUNCTIONS[fn].columns.map((name) => ({ name, type: 'any' as const }));
  const element = { alias: combinator.alias, shape: { columns, open: false } };
  const value = bindExpression(argument, context);
  const widened = widen(scope, element, combinator.position);
  return [{ kind: 'apply', outer: combinator.outer, fn, value, alias: combinator.alias }, widened];
}

function widen(scope: Scope, source: Scope['sources'][number], position: SourceSyntax['position']): Scope {
  if (scope.findSource(source.alias) >= 0) {
    throw new QueryError({
      code: 'FF_QUERY_DUPLICATE_ALIAS',
      message: `Two sources of FROM are called '${source.alias}'`,
      position,
      expected: 'an alias of its own for each of them',
    });
  }
  return new Scope([...scope.sources, source]);
}

interface Grouped {
  readonly plan: Omit<GroupingPlan, 'having'>;
  readonly context: GroupContext;
}

function bindGrouping(select: SelectSyntax, rows: BindContext, source: SourcePlan): Grouped | undefined {
  if (select.groupBy.length === 0) {
    if (select.having === undefined) return undefined;
    throw refuse(select.having, 'HAVING needs GROUP BY', 'WHERE, or GROUP BY with a window');
  }
  const bindKey = (key: Expression): Bound => bindExpression(key, rows);
  const calls = select.groupBy.filter(isWindowCall);
  const snapshots = select.groupBy.filter(isSystemTimestamp);
  const [call, second] = calls;
  if (second !== undefined) {
    throw refuse(
      second,
      'A GROUP BY can have one window',
      'Windows(window, window, …) for several',
      'FF_QUERY_WINDOW',
    );
  }
  if (call === undefined && snapshots.length === 0) throw missingWindow(select);
  // Beside a window, System.Timestamp() is a key; alone it is the window (Snapshot page).
  const keys = select.groupBy.filter(
    (key) => !calls.includes(key as never) && (call !== undefined || !snapshots.includes(key)),
  );
  const windows: readonly WindowPlan[] =
    call === undefined ? [{ id: null, kind: 'snapshot' }] : bindWindows(call, bindKey);
  const bound = keys.map((key) => ({ text: canonical(key, rows.scope), bound: bindKey(key) }));
  const partitions = source.from.kind === 'input' ? source.from.partitionBy : [];
  const plan = { keys: [...bound.map((key) => key.bound), ...partitions], windows, aggregates: [] };
  const aliases = new Map(
    select.items.flatMap((item) =>
      item.kind === 'expression' && item.alias !== undefined
        ? [[item.alias.toLowerCase(), item.expression] as const]
        : [],
    ),
  );
  return {
    plan,
    context: {
      keys: bound.filter((key) => key.text !== 'system.timestamp'),
      aggregates: plan.aggregates,
      aliases,
    },
  };
}

function missingWindow(select: SelectSyntax): QueryError {
  const [first] = select.groupBy;
  return new QueryError({
    code: 'FF_QUERY_WINDOW_MISSING',
    message: 'GROUP BY needs a window: a stream has no end to wait for',
    position: first?.position ?? select.position,
    expected: 'TumblingWindow, HoppingWindow, SlidingWindow, SessionWindow or System.Timestamp() in GROUP BY',
  });
}

function bindHaving(select: SelectSyntax, context: BindContext): Bound | undefined {
  return select.having === undefined ? undefined : bindExpression(select.having, context);
}

/** The select list; columns to the left take precedence over those of the same name to the right. */
function bindItems(
  select: SelectSyntax,
  context: BindContext,
  combinators: readonly CombinatorPlan[],
): readonly [readonly ProjectionItem[], RowShape] {
  const inner: BindContext =
    context.group === undefined ? context : { ...context, group: { ...context.group, aliases: new Map() } };
  const names = nameColumns(select.items);
  const projection: ProjectionItem[] = [];
  for (const [i, item] of select.items.entries()) {
    if (item.kind === 'expression') {
      projection.push({
        kind: 'column',
        name: names[i] ?? '',
        value: bindExpression(item.expression, inner),
      });
    } else if (context.group !== undefined) {
      throw new QueryError({
        code: 'FF_QUERY_NOT_GROUPED',
        message: '* cannot be selected beside GROUP BY: a group is many events',
        position: item.position,
        expected: 'the columns of GROUP BY and aggregates; Collect() gives the events of a window',
      });
    } else if (item.kind === 'star') projection.push(...starItems(item.position, context.scope, combinators));
    else projection.push(expandItem(bindExpression(item.of, inner)));
  }
  return [projection, projectedShape(projection, context.scope)];
}

function starItems(
  position: SourceSyntax['position'],
  scope: Scope,
  combinators: readonly CombinatorPlan[],
): readonly ProjectionItem[] {
  if (combinators.some((combinator) => combinator.kind === 'streamJoin')) {
    throw new QueryError({
      code: 'FF_QUERY_STAR_IN_JOIN',
      message: 'SELECT * cannot be used with a join of streams',
      position,
      expected: `the columns by name, or ${scope.sources.map((source) => `${source.alias}.*`).join(', ')}`,
    });
  }
  return scope.sources.map((source, index): ProjectionItem => {
    const applied = index > 0 && combinators[index - 1]?.kind === 'apply';
    // APPLY adds one column of the element's name, a record (APPLY page, "Return Types").
    return applied
      ? { kind: 'column', name: source.alias, value: { kind: 'record', source: index, type: 'record' } }
      : { kind: 'star', source: index };
  });
}

function expandItem(value: Bound): ProjectionItem {
  return value.kind === 'record' ? { kind: 'star', source: value.source } : { kind: 'expand', value };
}

function projectedShape(projection: readonly ProjectionItem[], scope: Scope): RowShape {
  const columns = new Map<string, RowShape['columns'][number]>();
  let open = false;
  const put = (column: RowShape['columns'][number]): void => {
    const key = column.name.toLowerCase();
    if (!columns.has(key)) columns.set(key, column);
  };
  for (const item of projection) {
    if (item.kind === 'column') put({ name: item.name, type: item.value.type });
    else if (item.kind === 'expand') open = true;
    else {
      const shape = scope.sources[item.source]?.shape;
      shape?.columns.forEach(put);
      open ||= shape?.open ?? true;
    }
  }
  return { columns: [...columns.values()], open };
}

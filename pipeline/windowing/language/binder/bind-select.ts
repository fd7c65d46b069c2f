/** One SELECT → its plan: sources, joins, the filter, groups and the columns it gives. */

import type { SelectSyntax, SourceSyntax } from '../parser/syntax.js';
import type { AnalyticPlan, Bound, CombinatorPlan, ProjectionItem, RowShape, SelectPlan } from '../plan.js';
import { QueryError } from '../query-error.js';
import { bindCombinator, type LeftSide } from './bind-combinator.js';
import { type BindContext, bindExpression } from './bind-expression.js';
import { bindGrouping } from './bind-grouping.js';
import { bindFrom, type SourceBinder } from './bind-source.js';
import type { BindEnvironment } from './environment.js';
import { nameColumns } from './name-columns.js';
import { Scope } from './scope.js';

export function bindSelect(
  select: SelectSyntax,
  environment: BindEnvironment,
  bindSource: SourceBinder,
): SelectPlan {
  refuseItemsOfMatch(select);
  const source = bindFrom(select.from, environment, bindSource);
  const { combinators, scope } = select.combinators.reduce<LeftSide>(
    (left, combinator) => bindCombinator(combinator, left, environment, bindSource),
    { source, combinators: [], scope: new Scope([source]) },
  );
  const analytics: AnalyticPlan[] = [];
  const rows: BindContext = { scope, environment, analytics, group: undefined, inJoin: false };
  const where = bindFilter(select, rows);
  const grouped = bindGrouping(select, rows, source);
  const context: BindContext = grouped === undefined ? rows : { ...rows, group: grouped.context };
  const [projection, shape] = bindItems(select, context, combinators);
  const having = select.having === undefined ? undefined : bindExpression(select.having, context);
  const grouping = grouped === undefined ? undefined : { ...grouped.plan, having };
  const { distinct, position } = select;
  return { source, combinators, analytics, where, grouping, projection, distinct, shape, position };
}

/** "The SELECT clause must select * and cannot specify which fields of match alias to use" (MATCH_RECOGNIZE page). */
function refuseItemsOfMatch(select: SelectSyntax): void {
  const item = select.items.find(({ kind }) => kind !== 'star');
  if (select.from.match === undefined || item === undefined) return;
  throw new QueryError({
    code: 'FF_QUERY_MATCH',
    message: 'Only * can be selected from MATCH_RECOGNIZE',
    position: item.kind === 'expression' ? item.expression.position : item.position,
    expected: 'SELECT * in a WITH step, and the columns of that step after it',
  });
}

/** WHERE; "when GROUP BY is not used, HAVING behaves like a WHERE clause" (HAVING page). */
function bindFilter(select: SelectSyntax, rows: BindContext): Bound | undefined {
  const conditions = [select.where, select.groupBy.length === 0 ? select.having : undefined];
  const bound = conditions.flatMap((condition) =>
    condition === undefined ? [] : [bindExpression(condition, rows)],
  );
  const [left, right] = bound;
  return left === undefined || right === undefined ? left : { kind: 'and', left, right, type: 'bit' };
}

/** The select list; columns to the left take precedence over those of the same name to the right. */
function bindItems(
  select: SelectSyntax,
  context: BindContext,
  combinators: readonly CombinatorPlan[],
): readonly [readonly ProjectionItem[], RowShape] {
  const inner: BindContext =
    context.group === undefined ? context : { ...context, group: { ...context.group, aliases: new Map() } };
  // At 1.0 "fields from SQL SELECT statement" become lower case (JavaScript functions page).
  const isLowered = context.environment.compatibilityLevel === '1.0';
  const names = nameColumns(select.items).map((name) => (isLowered ? name.toLowerCase() : name));
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

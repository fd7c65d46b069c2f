/** GROUP BY → its window and keys, and what expressions over its groups may use. */

import type { Expression, SelectSyntax } from '../parser/syntax.js';
import type { Bound, GroupingPlan, SourcePlan, WindowPlan } from '../plan.js';
import { QueryError } from '../query-error.js';
import { suggest } from '../suggest.js';
import { type BindContext, bindExpression, type GroupContext, refuse } from './bind-expression.js';
import { bindWindows, isWindowCall, WINDOW_FUNCTION_NAMES } from './bind-window.js';
import { canonical, isSystemTimestamp } from './canonical.js';
import type { Scope } from './scope.js';

export interface Grouped {
  readonly plan: Omit<GroupingPlan, 'having'>;
  readonly context: GroupContext;
}

export function bindGrouping(
  select: SelectSyntax,
  rows: BindContext,
  source: SourcePlan,
): Grouped | undefined {
  if (select.groupBy.length === 0) return undefined;
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
  refuseUngroupedSubstreams(select, keys, rows.scope);
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

/** "Column names from the [OVER] clause must be used as grouping key in GROUP BY" (TIMESTAMP BY page). */
function refuseUngroupedSubstreams(select: SelectSyntax, keys: readonly Expression[], scope: Scope): void {
  const grouped = new Set(keys.map((key) => canonical(key, scope)));
  const missing = select.from.timestampBy?.over.find((key) => !grouped.has(canonical(key, scope)));
  if (missing === undefined) return;
  throw refuse(
    missing,
    'A key of TIMESTAMP BY … OVER must be in GROUP BY: each has a time of its own',
    'the same column in GROUP BY',
    'FF_QUERY_SUBSTREAM',
  );
}

function missingWindow(select: SelectSyntax): QueryError {
  const [first] = select.groupBy;
  const names = WINDOW_FUNCTION_NAMES;
  const misspelt = select.groupBy.flatMap((key) => {
    const suggestion = key.kind === 'call' ? suggest(key.name, names) : undefined;
    return suggestion === undefined ? [] : [{ key, suggestion }];
  })[0];
  if (misspelt !== undefined) {
    const { key, suggestion } = misspelt;
    return new QueryError({
      code: 'FF_QUERY_WINDOW_MISSING',
      message: 'GROUP BY needs a window, and this is none',
      position: key.position,
      length: key.end - key.start,
      expected: names.join(', '),
      suggestion,
    });
  }
  return new QueryError({
    code: 'FF_QUERY_WINDOW_MISSING',
    message: 'GROUP BY needs a window: a stream has no end to wait for',
    position: first?.position ?? select.position,
    expected: 'TumblingWindow, HoppingWindow, SlidingWindow, SessionWindow or System.Timestamp() in GROUP BY',
  });
}

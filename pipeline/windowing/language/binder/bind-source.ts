/** A source of FROM or JOIN → its plan, with the pattern that is matched over it. */

import type { SourceSyntax } from '../parser/syntax.js';
import type { RowShape, SourcePlan } from '../plan.js';
import { bindMatch } from './bind-match.js';
import type { BindEnvironment } from './environment.js';

/** Finds what a source of FROM is: an input, reference data or a step. */
export type SourceBinder = (source: SourceSyntax) => SourcePlan['from'];

export function bindFrom(
  from: SourceSyntax,
  environment: BindEnvironment,
  bindSource: SourceBinder,
): SourcePlan {
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
  if (from.kind !== 'input') return from.shape;
  if (from.table !== undefined) return { columns: from.table.columns, open: true };
  return { columns: [], open: true };
}

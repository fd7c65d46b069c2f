/** Analytic plans → the objects that evaluate them. */
import type { AnalyticPlan } from '../../language/plan.js';
import { type Analytic, type AnalyticScope, IsFirst, Lag, Recent } from '../analytics.js';
import { AnomalyDetector } from '../anomaly-analytic.js';
import { type Row, Tuple } from '../event.js';
import { toNumber } from '../values/convert.js';
import type { ValueRecord } from '../values/values.js';
import type { CodeShape } from './generate-expression.js';
import type { AccumulatorFactory } from './generate-group.js';
import { conditionFunction, keysFunction, valueFunction, valuesFunction } from './row-function.js';

/** Compiles an analytic function; each call of the result makes one with no memory yet. */
export function compileAnalytic(
  plan: AnalyticPlan,
  shape: CodeShape,
  createAccumulator: AccumulatorFactory,
): () => Analytic {
  const scope: AnalyticScope = {
    keys: keysFunction(plan.partitionBy, shape),
    when: plan.when === undefined ? undefined : conditionFunction(plan.when, shape),
  };
  switch (plan.kind) {
    case 'lag': {
      const value = valueFunction(plan.value, shape);
      const fallback = plan.fallback === undefined ? undefined : valueFunction(plan.fallback, shape);
      return () => new Lag(scope, value, plan.offset, fallback, plan.limitMs);
    }
    case 'isFirst':
      return () => new IsFirst(scope, plan.intervalMs);
    case 'aggregate':
      return compileAggregate(plan, scope, shape, createAccumulator);
    case 'anomaly': {
      const value = valueFunction(plan.value, shape);
      const number = (row: Row, timeMs: number, event: Parameters<typeof value>[2]): number =>
        toNumber(value(row, timeMs, event, [])) ?? Number.NaN;
      return () => new AnomalyDetector(scope, number, plan);
    }
  }
}

function compileAggregate(
  plan: Extract<AnalyticPlan, { kind: 'aggregate' }>,
  scope: AnalyticScope,
  shape: CodeShape,
  createAccumulator: AccumulatorFactory,
): () => Analytic {
  const { aggregate } = plan;
  const args = valuesFunction(aggregate.args, shape);
  const order = valuesFunction(
    aggregate.orderBy.map((item) => item.expression),
    shape,
  );
  const countsRows = aggregate.fn.name === 'COUNT' && aggregate.args.length === 0;
  return () =>
    new Recent(
      scope,
      (row, timeMs, event) => ({
        args: countsRows ? [1] : args(row, timeMs, event, []),
        order: order(row, timeMs, event, []),
        row: firstRow(row),
        timeMs,
      }),
      plan.limitMs,
      (recent) => {
        const accumulator = createAccumulator(aggregate);
        for (const item of recent) accumulator.add(item.args, item.order, item.row, item.timeMs);
        return accumulator.result();
      },
    );
}

function firstRow(row: Row): ValueRecord {
  return row instanceof Tuple ? (row.rows[0] ?? {}) : row;
}

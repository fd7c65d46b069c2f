/** Small generated functions over rows: keys, conditions, single values. */
import type { Bound } from '../../language/plan.js';
import type { InputEvent, Row } from '../event.js';
import { keyOf, type Value } from '../values/values.js';
import { type CodeShape, ExpressionCode } from './generate-expression.js';

export type RowFunction<T> = (row: Row, t: number, ev: InputEvent | null, an: readonly Value[]) => T;

const PARAMETERS = ['row', 't', 'ev', 'an'];

export function valueFunction(bound: Bound, shape: CodeShape): RowFunction<Value> {
  const code = new ExpressionCode(shape);
  const value = code.value(bound);
  return code.build(PARAMETERS, `return ${value} ?? null;`);
}

export function conditionFunction(bound: Bound, shape: CodeShape): RowFunction<boolean> {
  const code = new ExpressionCode(shape);
  const condition = code.isTrue(bound);
  return code.build(PARAMETERS, `return ${condition};`);
}

/** The values of several expressions as keys of a map. */
export function keysFunction(bounds: readonly Bound[], shape: CodeShape): RowFunction<readonly unknown[]> {
  const code = new ExpressionCode(shape);
  const keys = bounds.map((bound) => `${code.constant(keyOf)}(${code.value(bound)})`);
  return code.build(PARAMETERS, `return [${keys.join(', ')}];`);
}

/** The values of several expressions. */
export function valuesFunction(bounds: readonly Bound[], shape: CodeShape): RowFunction<readonly Value[]> {
  const code = new ExpressionCode(shape);
  const values = bounds.map((bound) => `${code.value(bound)} ?? null`);
  return code.build(PARAMETERS, `return [${values.join(', ')}];`);
}

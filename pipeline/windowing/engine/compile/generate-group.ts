/** Code of a grouped SELECT: finding a row's group, taking the row in, merging groups, and the group's row. */

import type { Accumulator } from '../../functions/aggregate-function.js';
import { SumState } from '../../functions/aggregates.js';
import { DistinctValues } from '../../functions/distinct-values.js';
import type { AggregatePlan, GroupingPlan, SelectPlan } from '../../language/plan.js';
import type { InputEvent, Row } from '../event.js';
import type { Value, ValueRecord } from '../values/values.js';
import { type GroupState, type Groups, indexOnly, LastKeys } from '../windows/groups.js';
import { type CodeShape, ExpressionCode } from './generate-expression.js';
import { projectionCode } from './generate-projection.js';

/** What window operators do with rows and groups. */
export interface GroupCode {
  /** Takes a row into its group; null when the row does not pass WHERE. */
  readonly accept: (
    groups: Groups,
    row: Row,
    t: number,
    ev: InputEvent | null,
    an: readonly Value[],
  ) => GroupState | null;
  /** A group of the same keys that nothing is in. */
  readonly emptyLike: (state: GroupState) => GroupState;
  /** Takes the rows of a later group into an earlier one. */
  readonly merge: (into: GroupState, later: GroupState) => void;
  /** The group's keys, comparable. */
  readonly keys: (state: GroupState) => readonly unknown[];
  /** The row of a group in the window that ends at `t`, or null when HAVING leaves it out. */
  readonly result: (state: GroupState, t: number, windowId: string | null) => ValueRecord | null;
}

export type AccumulatorFactory = (plan: AggregatePlan) => Accumulator;

export function generateGroup(
  select: SelectPlan,
  grouping: GroupingPlan,
  shape: CodeShape,
  createAccumulator: AccumulatorFactory,
): GroupCode {
  return {
    accept: generateAccept(select, grouping, shape, createAccumulator),
    emptyLike: generateEmptyLike(grouping, shape, createAccumulator),
    merge: generateMerge(grouping, shape),
    keys: generateKeys(grouping, shape),
    result: generateResult(select, grouping, shape),
  };
}

/** How an aggregate is kept in field `aN` of its group. */
export type Storage = 'count' | 'distinctCount' | 'sum' | 'avg' | 'min' | 'max' | 'object';

export function storageOf(plan: AggregatePlan): Storage {
  const { inline } = plan.fn;
  if (inline === undefined) return 'object';
  if (!plan.distinct) return inline;
  return inline === 'count' ? 'distinctCount' : 'object';
}

function initial(plan: AggregatePlan, code: ExpressionCode, create: AccumulatorFactory): string {
  switch (storageOf(plan)) {
    case 'count':
      return '0';
    case 'distinctCount':
      return `new ${code.constant(DistinctValues)}()`;
    case 'sum':
    case 'avg':
      return `new ${code.constant(SumState)}()`;
    case 'min':
    case 'max':
      return 'null';
    case 'object':
      return `${code.constant(create)}(${code.constant(plan)})`;
  }
}

function newState(
  grouping: GroupingPlan,
  keys: (index: number) => string,
  code: ExpressionCode,
  create: AccumulatorFactory,
): string {
  const fields = [
    ...grouping.keys.map((_key, i) => `k${i}: ${keys(i)}`),
    ...grouping.aggregates.map((plan, i) => `a${i}: ${initial(plan, code, create)}`),
  ];
  return `{ ${fields.join(', ')} }`;
}

function generateAccept(
  select: SelectPlan,
  grouping: GroupingPlan,
  shape: CodeShape,
  create: AccumulatorFactory,
): GroupCode['accept'] {
  const code = new ExpressionCode(shape);
  const lines: string[] = [];
  if (select.where !== undefined) lines.push(`if (!${code.isTrue(select.where)}) return null;`);
  for (const [i, key] of grouping.keys.entries()) lines.push(`const k${i} = ${code.value(key)} ?? null;`);
  const fresh = newState(grouping, (i) => `k${i}`, code, create);
  lines.push(...findState(grouping, fresh, code));
  for (const [i, plan] of grouping.aggregates.entries()) lines.push(update(plan, i, code));
  lines.push('return s;');
  return code.build(['groups', 'row', 't', 'ev', 'an'], lines.join('\n'));
}

/** Finds the group, making what is missing on the way; the first group of a window needs no index. */
function findState(grouping: GroupingPlan, fresh: string, code: ExpressionCode): readonly string[] {
  const isSame = ['s !== null', ...grouping.keys.map((_key, i) => `s.k${i} === k${i}`)].join(' && ');
  return [
    'let s = groups.only;',
    `if (!(${isSame})) {`,
    `if (groups.states.length === 0) { s = ${fresh}; groups.only = s; groups.states = [s]; }`,
    `else { ${searchIndex(grouping, fresh, code).join('\n')} }`,
    '}',
  ];
}

/** Walks the nested maps to the table of the last key. */
function searchIndex(grouping: GroupingPlan, fresh: string, code: ExpressionCode): readonly string[] {
  const last = grouping.keys.length - 1;
  if (last < 0) return [];
  const keysOfOnly = grouping.keys.map((_key, i) => `${code.helper('keyOf')}(groups.only.k${i})`).join(', ');
  const lines = [`let m = groups.index ?? ${code.constant(indexOnly)}(groups, [${keysOfOnly}]);`];
  for (let i = 0; i <= last; i++) {
    lines.push(`const q${i} = typeof k${i} === 'string' ? k${i} : ${code.helper('keyOf')}(k${i});`);
    if (i === last) break;
    lines.push(`let m${i} = m.get(q${i});`);
    const inner = i === last - 1 ? code.constant(LastKeys) : 'Map';
    lines.push(`if (m${i} === undefined) { m${i} = new ${inner}(); m.set(q${i}, m${i}); }`);
    lines.push(`m = m${i};`);
  }
  lines.push(`const id = m.ids.idOf(q${last});`);
  lines.push('s = m.states[id];');
  lines.push(`if (s === undefined) { s = ${fresh}; m.states[id] = s; groups.states.push(s); }`);
  return lines;
}

function update(plan: AggregatePlan, index: number, code: ExpressionCode): string {
  const field = `s.a${index}`;
  const storage = storageOf(plan);
  const [argument] = plan.args;
  if (storage === 'object') {
    const args = plan.args.map((arg) => `${code.value(arg)} ?? null`).join(', ');
    const order = plan.orderBy.map((item) => `${code.value(item.expression)} ?? null`).join(', ');
    return `${field}.add([${args}], [${order}], row, t);`;
  }
  if (argument === undefined) return `${field}++;`;
  const counted = storage === 'count' ? countedWhen(argument, code) : undefined;
  if (counted !== undefined) return `if (${counted}) ${field}++;`;
  const value = code.value(argument);
  if (storage === 'sum' || storage === 'avg') return `${field}.add(${value});`;
  const variable = `v${index}`;
  const taken = `const ${variable} = ${value}; if (${variable} != null) `;
  if (storage === 'count') return `${taken}${field}++;`;
  if (storage === 'distinctCount') {
    return `${taken}${field}.add(typeof ${variable} === 'string' ? ${variable} : ${code.helper('keyOf')}(${variable}));`;
  }
  const better = storage === 'min' ? '<' : '>';
  return `${taken}if (${field} === null || ${code.helper('order')}(${variable}, ${field}) ${better} 0) ${field} = ${variable};`;
}

/** COUNT(CASE WHEN c THEN 1 [ELSE NULL] END) counts what satisfies c: a plain condition. */
export function countedWhen(
  argument: AggregatePlan['args'][number],
  code: ExpressionCode,
): string | undefined {
  if (argument.kind !== 'case' || argument.branches.length !== 1) return undefined;
  const [branch] = argument.branches;
  const { otherwise } = argument;
  const fixed = branch?.result.kind === 'constant' && branch.result.value !== null;
  if (!fixed || otherwise.kind !== 'constant' || otherwise.value !== null) return undefined;
  return code.isTrue(branch.when);
}

function generateEmptyLike(
  grouping: GroupingPlan,
  shape: CodeShape,
  create: AccumulatorFactory,
): GroupCode['emptyLike'] {
  const code = new ExpressionCode(shape);
  const fresh = newState(grouping, (i) => `s.k${i}`, code, create);
  return code.build(['s'], `return ${fresh};`);
}

function generateMerge(grouping: GroupingPlan, shape: CodeShape): GroupCode['merge'] {
  const code = new ExpressionCode(shape);
  const lines = grouping.aggregates.map((plan, i) => mergeField(plan, i, code));
  return code.build(['into', 'later'], lines.join('\n'));
}

function mergeField(plan: AggregatePlan, index: number, code: ExpressionCode): string {
  const into = `into.a${index}`;
  const later = `later.a${index}`;
  switch (storageOf(plan)) {
    case 'count':
      return `${into} += ${later};`;
    case 'distinctCount':
      return `${into}.merge(${later});`;
    case 'sum':
    case 'avg':
    case 'object':
      return `${into}.merge(${later});`;
    case 'min':
    case 'max': {
      const better = storageOf(plan) === 'min' ? '<' : '>';
      return `if (${later} !== null && (${into} === null || ${code.helper('order')}(${later}, ${into}) ${better} 0)) ${into} = ${later};`;
    }
  }
}

function generateKeys(grouping: GroupingPlan, shape: CodeShape): GroupCode['keys'] {
  const code = new ExpressionCode(shape);
  const keys = grouping.keys.map((_key, i) => `${code.helper('keyOf')}(s.k${i})`);
  return code.build(['s'], `return [${keys.join(', ')}];`);
}

function resultOf(plan: AggregatePlan, index: number): string {
  const field = `s.a${index}`;
  switch (storageOf(plan)) {
    case 'count':
    case 'min':
    case 'max':
      return field;
    case 'distinctCount':
      return `${field}.size`;
    case 'sum':
      return `${field}.sum()`;
    case 'avg':
      return `${field}.average()`;
    case 'object':
      return `${field}.result()`;
  }
}

function generateResult(select: SelectPlan, grouping: GroupingPlan, shape: CodeShape): GroupCode['result'] {
  const code = new ExpressionCode({
    ...shape,
    tuple: false,
    key: (index) => `s.k${index}`,
    aggregate: (index) => {
      const plan = grouping.aggregates[index];
      return plan === undefined ? 'null' : resultOf(plan, index);
    },
  });
  const having = grouping.having === undefined ? '' : `if (!${code.isTrue(grouping.having)}) return null;\n`;
  return code.build(['s', 't', 'windowId'], `${having}${projectionCode(select.projection, code)}`);
}

/**
 * Code of the groups of a window that has all its rows in one set of groups, by one key. A group is a number: its place in
 * `keys` and in `aN`, which has an aggregate of every group. Counts lie in `counts`, those of a group side by side. Where
 * there are few groups, by several keys, objects are faster (`generate-group.ts`).
 */
import type { Accumulator } from '../../functions/aggregate-function.js';
import { SumState } from '../../functions/aggregates.js';
import { DistinctValues } from '../../functions/distinct-values.js';
import type { AggregatePlan, GroupingPlan, SelectPlan } from '../../language/plan.js';
import type { InputEvent, Row } from '../event.js';
import type { Value, ValueRecord } from '../values/values.js';
import { longerNumbers, newNumbers, spareNumbers } from '../windows/columns.js';
import { KeyIds } from '../windows/key-ids.js';
import { type CodeShape, ExpressionCode } from './generate-expression.js';
import { countedWhen, storageOf } from './generate-group.js';
import { projectionCode } from './generate-projection.js';

/** Generated code alone knows the columns. */
export interface GroupTable {
  /** Groups, numbered from 0 on. */
  readonly size: number;
  readonly [column: string]: unknown;
}

export interface TableCode {
  readonly create: () => GroupTable;
  /** Takes a row into its group; false when the row does not pass WHERE. */
  readonly accept: (
    table: GroupTable,
    row: Row,
    t: number,
    ev: InputEvent | null,
    an: readonly Value[],
  ) => boolean;
  /** The row of a group in the window that ends at `t`, or null when HAVING leaves it out. */
  readonly result: (
    table: GroupTable,
    group: number,
    t: number,
    windowId: string | null,
  ) => ValueRecord | null;
  /** Lets go of all groups; the memory is used again. */
  readonly clear: (table: GroupTable) => void;
}

type CreateAccumulator = (plan: AggregatePlan) => Accumulator;

export function generateTable(
  select: SelectPlan,
  grouping: GroupingPlan,
  shape: CodeShape,
  createAccumulator: CreateAccumulator,
): TableCode {
  return {
    create: generateCreate(grouping, shape),
    accept: generateAccept(select, grouping, shape, createAccumulator),
    result: generateResult(select, grouping, shape, createAccumulator),
    clear: generateClear(grouping, shape),
  };
}

function generateCreate(grouping: GroupingPlan, shape: CodeShape): TableCode['create'] {
  const code = new ExpressionCode(shape);
  const fields = [
    'size: 0',
    'keys: []',
    `ids: new ${code.constant(KeyIds)}()`,
    `counts: ${code.constant(newNumbers)}()`,
    ...grouping.aggregates.flatMap((plan, i) => (storageOf(plan) === 'count' ? [] : [`a${i}: []`])),
  ];
  return code.build([], `return { ${fields.join(', ')} };`);
}

function countsOf(grouping: GroupingPlan): number {
  return grouping.aggregates.filter((plan) => storageOf(plan) === 'count').length;
}

/** The place of a count among those of its group. */
function placeOf(grouping: GroupingPlan, index: number): number {
  return grouping.aggregates.slice(0, index).filter((plan) => storageOf(plan) === 'count').length;
}

function generateAccept(
  select: SelectPlan,
  grouping: GroupingPlan,
  shape: CodeShape,
  create: CreateAccumulator,
): TableCode['accept'] {
  const code = new ExpressionCode(shape);
  const lines: string[] = [];
  if (select.where !== undefined) lines.push(`if (!${code.isTrue(select.where)}) return false;`);
  lines.push(...findGroup(grouping, code));
  const begin = [
    'table.size = g + 1;',
    'table.keys[g] = key;',
    ...beginCounts(countsOf(grouping), code),
    ...grouping.aggregates.map((plan, i) => beginGroup(plan, i, code)),
  ];
  lines.push(`if (g === table.size) { ${begin.join('\n')} }`);
  lines.push('const { counts } = table;', `const first = g * ${countsOf(grouping)};`);
  for (const [i, plan] of grouping.aggregates.entries())
    lines.push(
      storageOf(plan) === 'count'
        ? count(plan, `counts[first + ${placeOf(grouping, i)}]`, i, code)
        : update(plan, i, code, create),
    );
  lines.push('return true;');
  return code.build(['table', 'row', 't', 'ev', 'an'], lines.join('\n'));
}

/** The number of the group, which is the size of the table for a new one. A single group needs no lookup. */
function findGroup({ keys }: GroupingPlan, code: ExpressionCode): readonly string[] {
  const [key] = keys;
  if (key === undefined) throw new Error('a table of groups needs a key');
  return [
    `const key = ${code.value(key)} ?? null;`,
    'let g = 0;',
    'if (table.size !== 1 || table.keys[0] !== key)',
    `g = table.ids.idOf(typeof key === 'string' ? key : ${code.helper('keyOf')}(key));`,
  ];
}

function beginCounts(counts: number, code: ExpressionCode): readonly string[] {
  if (counts === 0) return [];
  const needed = `(g + 1) * ${counts}`;
  return [
    `if (table.counts.length < ${needed}) table.counts = ${code.constant(longerNumbers)}(table.counts, ${needed});`,
    ...Array.from({ length: counts }, (_, i) => `table.counts[g * ${counts} + ${i}] = 0;`),
  ];
}

function beginGroup(plan: AggregatePlan, index: number, code: ExpressionCode): string {
  const column = `table.a${index}`;
  switch (storageOf(plan)) {
    case 'count':
      return '';
    case 'distinctCount':
      return `${column}[g] = new ${code.constant(DistinctValues)}();`;
    case 'sum':
    case 'avg':
      return `${column}[g] = new ${code.constant(SumState)}();`;
    case 'min':
    case 'max':
    case 'object':
      return `${column}[g] = null;`;
  }
}

/** An accumulator; it is made when it is needed, since making one runs code of the job, which may fail. */
function accumulator(
  plan: AggregatePlan,
  index: number,
  code: ExpressionCode,
  create: CreateAccumulator,
): string {
  return `(table.a${index}[g] ??= ${code.constant(create)}(${code.constant(plan)}))`;
}

function update(plan: AggregatePlan, index: number, code: ExpressionCode, create: CreateAccumulator): string {
  const column = `table.a${index}`;
  const storage = storageOf(plan);
  const [argument] = plan.args;
  if (storage === 'object') {
    const args = plan.args.map((arg) => `${code.value(arg)} ?? null`).join(', ');
    const order = plan.orderBy.map((item) => `${code.value(item.expression)} ?? null`).join(', ');
    return `${accumulator(plan, index, code, create)}.add([${args}], [${order}], row, t);`;
  }
  if (argument === undefined) return '';
  const value = code.value(argument);
  if (storage === 'sum' || storage === 'avg') return `${column}[g].add(${value});`;
  const variable = `v${index}`;
  const taken = `const ${variable} = ${value}; if (${variable} != null) `;
  if (storage === 'distinctCount') {
    const key = `typeof ${variable} === 'string' ? ${variable} : ${code.helper('keyOf')}(${variable})`;
    return `${taken}${column}[g].add(${key});`;
  }
  const better = storage === 'min' ? '<' : '>';
  const best = `b${index}`;
  return `${taken}{ const ${best} = ${column}[g]; if (${best} === null || ${code.helper('order')}(${variable}, ${best}) ${better} 0) ${column}[g] = ${variable}; }`;
}

/** `place` is where the count of the group lies. */
function count(plan: AggregatePlan, place: string, index: number, code: ExpressionCode): string {
  const [argument] = plan.args;
  if (argument === undefined) return `${place}++;`;
  const counted = countedWhen(argument, code);
  if (counted !== undefined) return `if (${counted}) ${place}++;`;
  return `const v${index} = ${code.value(argument)}; if (v${index} != null) ${place}++;`;
}

function resultOf(
  grouping: GroupingPlan,
  plan: AggregatePlan,
  index: number,
  code: () => ExpressionCode,
  create: CreateAccumulator,
): string {
  const column = `table.a${index}`;
  switch (storageOf(plan)) {
    case 'count':
      return `table.counts[g * ${countsOf(grouping)} + ${placeOf(grouping, index)}]`;
    case 'min':
    case 'max':
      return `${column}[g]`;
    case 'distinctCount':
      return `${column}[g].size`;
    case 'sum':
      return `${column}[g].sum()`;
    case 'avg':
      return `${column}[g].average()`;
    case 'object':
      return `${accumulator(plan, index, code(), create)}.result()`;
  }
}

function generateResult(
  select: SelectPlan,
  grouping: GroupingPlan,
  shape: CodeShape,
  create: CreateAccumulator,
): TableCode['result'] {
  const code: ExpressionCode = new ExpressionCode({
    ...shape,
    tuple: false,
    key: () => 'table.keys[g]',
    aggregate: (index) => {
      const plan = grouping.aggregates[index];
      return plan === undefined ? 'null' : resultOf(grouping, plan, index, () => code, create);
    },
  });
  const having = grouping.having === undefined ? '' : `if (!${code.isTrue(grouping.having)}) return null;\n`;
  return code.build(['table', 'g', 't', 'windowId'], `${having}${projectionCode(select.projection, code)}`);
}

function generateClear(grouping: GroupingPlan, shape: CodeShape): TableCode['clear'] {
  const code = new ExpressionCode(shape);
  const lines = [
    'table.keys = [];',
    'table.ids.clear();',
    `table.counts = ${code.constant(spareNumbers)}(table.counts, table.size * ${countsOf(grouping)});`,
    ...grouping.aggregates.flatMap((plan, i) => (storageOf(plan) === 'count' ? [] : [`table.a${i} = [];`])),
    'table.size = 0;',
  ];
  return code.build(['table'], lines.join('\n'));
}

/** Code of a select list: one object a row, its columns in the order written. */
import type { ProjectionItem, SelectPlan } from '../../language/plan.js';
import type { InputEvent, Row } from '../event.js';
import { memberName } from '../values/member-name.js';
import type { Value, ValueRecord } from '../values/values.js';
import { type CodeShape, ExpressionCode } from './generate-expression.js';

/** The row that a SELECT gives for one of its FROM, or null when the row does not pass WHERE. */
export type ProjectRow = (
  row: Row,
  t: number,
  ev: InputEvent | null,
  an: readonly Value[],
) => ValueRecord | null;

export function generateProjection(select: SelectPlan, shape: CodeShape): ProjectRow {
  const code = new ExpressionCode(shape);
  const where = select.where === undefined ? '' : `if (!${code.isTrue(select.where)}) return null;\n`;
  return code.build(
    ['row', 't', 'ev', 'an'],
    `${where}${projectionCode(select.projection, code, shape.tuple)}`,
  );
}

/** Statements that return the row. `SELECT *` of one source gives the source's row itself. */
export function projectionCode(
  items: readonly ProjectionItem[],
  code: ExpressionCode,
  tuple = false,
): string {
  const [only] = items;
  if (items.length === 1 && only?.kind === 'star') return `return ${sourceRow(only.source, tuple)};`;
  if (items.every((item) => item.kind === 'column')) return `return ${objectLiteral(items, code)};`;
  const lines = ['const o = {};'];
  for (const item of items) {
    if (item.kind === 'column') {
      lines.push(`${code.helper('put')}(o, ${JSON.stringify(item.name)}, ${code.value(item.value)});`);
    } else if (item.kind === 'star')
      lines.push(`${code.helper('copyRow')}(o, ${sourceRow(item.source, tuple)});`);
    else lines.push(`${code.helper('expandRecord')}(o, ${code.value(item.value)});`);
  }
  return [...lines, 'return o;'].join('\n');
}

function sourceRow(source: number, tuple: boolean): string {
  return tuple ? `row.rows[${source}]` : 'row';
}

function objectLiteral(items: readonly ProjectionItem[], code: ExpressionCode): string {
  const taken = new Set<string>();
  const fields: string[] = [];
  for (const item of items) {
    if (item.kind !== 'column' || taken.has(item.name.toLowerCase())) continue;
    taken.add(item.name.toLowerCase());
    fields.push(`${memberName(item.name)}: ${code.value(item.value)} ?? null`);
  }
  return `{ ${fields.join(', ')} }`;
}

/** The names of a select list's columns. */
import type { Expression, SelectItem } from '../parser/syntax.js';

/**
 * The alias, else the last part of a name, else the name of the function that is called. An expression without
 * any of these is `column` and its place; a function called twice is told apart by a number.
 */
export function nameColumns(items: readonly SelectItem[]): readonly string[] {
  const taken = new Set(
    items.flatMap((item) =>
      item.kind === 'expression' && isNamed(item) ? [nameOf(item).toLowerCase()] : [],
    ),
  );
  return items.map((item, index) => {
    if (item.kind !== 'expression') return '';
    if (isNamed(item)) return nameOf(item);
    const base = derivedName(item.expression) ?? `column${index + 1}`;
    let name = base;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base}${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

type ExpressionItem = Extract<SelectItem, { kind: 'expression' }>;

function isNamed(item: ExpressionItem): boolean {
  return item.alias !== undefined || item.expression.kind === 'name' || item.expression.kind === 'field';
}

function nameOf(item: ExpressionItem): string {
  if (item.alias !== undefined) return item.alias;
  const { expression } = item;
  if (expression.kind === 'name') return expression.parts[expression.parts.length - 1] ?? '';
  return expression.kind === 'field' ? expression.name : '';
}

function derivedName(expression: Expression): string | undefined {
  if (expression.kind === 'call') return expression.name;
  if (expression.kind === 'cast') return expression.lenient ? 'TRY_CAST' : 'CAST';
  return expression.kind === 'case' ? 'CASE' : undefined;
}

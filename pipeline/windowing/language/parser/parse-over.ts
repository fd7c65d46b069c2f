/** `OVER ([PARTITION BY …] [ORDER BY …] [LIMIT DURATION(unit, length)] [WHEN …])`, its clauses in any order. */
import { parseExpression } from './parse-expression.js';
import type { DurationSyntax, Expression, OrderItem, OverClause } from './syntax.js';
import type { TokenCursor } from './token-cursor.js';

export function parseOver(cursor: TokenCursor): OverClause {
  cursor.expectKeyword('OVER', 'before its clauses');
  cursor.expectSymbol('(', 'after OVER');
  let partitionBy: readonly Expression[] = [];
  let orderBy: readonly OrderItem[] = [];
  let limit: DurationSyntax | undefined;
  let when: Expression | undefined;
  while (!cursor.isSymbol(')')) {
    if (cursor.takeKeywords('PARTITION', 'BY')) partitionBy = parseExpressions(cursor);
    else if (cursor.takeKeywords('ORDER', 'BY')) orderBy = parseOrder(cursor);
    else if (cursor.isKeyword('LIMIT')) limit = parseLimit(cursor);
    else if (cursor.takeKeywords('WHEN')) when = parseExpression(cursor);
    else
      cursor.unexpected('PARTITION BY, ORDER BY, LIMIT DURATION(…) or WHEN', [
        'PARTITION',
        'ORDER',
        'LIMIT',
        'WHEN',
      ]);
  }
  cursor.take();
  return { partitionBy, orderBy, limit, when };
}

/** `LIMIT DURATION (unit, length)`. */
export function parseLimit(cursor: TokenCursor): DurationSyntax {
  cursor.expectKeyword('LIMIT', 'before DURATION');
  const { position } = cursor.expectKeyword('DURATION', 'after LIMIT');
  cursor.expectSymbol('(', 'after DURATION');
  const unit = cursor.expectName('a unit of time');
  cursor.expectSymbol(',', 'after the unit of DURATION');
  const length = parseExpression(cursor);
  cursor.expectSymbol(')', 'to close DURATION');
  return { unit, length, position };
}

export function parseExpressions(cursor: TokenCursor): readonly Expression[] {
  const items = [parseExpression(cursor)];
  while (cursor.takeSymbol(',')) items.push(parseExpression(cursor));
  return items;
}

function parseOrder(cursor: TokenCursor): readonly OrderItem[] {
  const items: OrderItem[] = [];
  do {
    const expression = parseExpression(cursor);
    const descending = cursor.takeKeywords('DESC');
    if (!descending) cursor.takeKeywords('ASC');
    items.push({ expression, descending });
  } while (cursor.takeSymbol(','));
  return items;
}

/** Expressions, by precedence climbing (a Pratt parser): T-SQL's operators and the dialect's own call syntax. */

import { RESERVED } from './keywords.js';
import { parseDataType } from './parse-data-type.js';
import { parseOver } from './parse-over.js';
import type { BinaryOperator, Expression, LiteralExpression } from './syntax.js';
import type { TokenCursor } from './token-cursor.js';

/** Binding strength of the binary operators, from T-SQL's "Operator Precedence". */
const STRENGTH: Readonly<Record<string, number>> = {
  OR: 1,
  AND: 2,
  '=': 4,
  '<>': 4,
  '!=': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '!<': 4,
  '!>': 4,
  '+': 5,
  '-': 5,
  '&': 5,
  '|': 5,
  '^': 5,
  '*': 6,
  '/': 6,
  '%': 6,
};
const NOT_STRENGTH = 3;
/** BETWEEN, IN, LIKE and IS bind as the comparisons do. */
const PREDICATE_STRENGTH = 4;
const UNARY_STRENGTH = 7;

const SPELLINGS: Readonly<Record<string, BinaryOperator>> = { '!=': '<>', '!<': '>=', '!>': '<=' };

/** Reads one expression; `minimum` is the weakest binding it may swallow. */
export function parseExpression(cursor: TokenCursor, minimum = 0): Expression {
  let left = parsePrefix(cursor);
  for (;;) {
    const predicate = minimum <= PREDICATE_STRENGTH ? parsePredicate(cursor, left) : undefined;
    if (predicate !== undefined) {
      left = predicate;
      continue;
    }
    const token = cursor.current;
    const written = token.kind === 'symbol' ? token.text : token.keyword;
    const strength = STRENGTH[written];
    if (strength === undefined || strength < minimum) return left;
    cursor.take();
    const right = parseExpression(cursor, strength + 1);
    const operator = SPELLINGS[written] ?? (written as BinaryOperator);
    left = { kind: 'binary', operator, left, right, ...span(left, cursor) };
  }
}

function span(from: { position: Expression['position']; start: number }, cursor: TokenCursor) {
  return { position: from.position, start: from.start, end: cursor.lastEnd };
}

function parsePredicate(cursor: TokenCursor, operand: Expression): Expression | undefined {
  if (cursor.isKeyword('IS')) {
    cursor.take();
    const negated = cursor.takeKeywords('NOT');
    cursor.expectKeyword('NULL', 'after IS');
    return { kind: 'isNull', operand, negated, ...span(operand, cursor) };
  }
  const negated = cursor.isKeyword('NOT');
  const ahead = negated ? 1 : 0;
  const keyword = cursor.peek(ahead).keyword;
  if (keyword !== 'BETWEEN' && keyword !== 'IN' && keyword !== 'LIKE') return undefined;
  if (negated) cursor.take();
  cursor.take();
  if (keyword === 'BETWEEN') {
    const low = parseExpression(cursor, PREDICATE_STRENGTH + 1);
    cursor.expectKeyword('AND', 'between the bounds of BETWEEN');
    const high = parseExpression(cursor, PREDICATE_STRENGTH + 1);
    return { kind: 'between', operand, low, high, negated, ...span(operand, cursor) };
  }
  if (keyword === 'IN') {
    cursor.expectSymbol('(', 'after IN');
    const items = parseList(cursor);
    cursor.expectSymbol(')', 'after the list of IN');
    return { kind: 'in', operand, items, negated, ...span(operand, cursor) };
  }
  if (cursor.isSymbol('%')) cursor.unexpected("a pattern in quotes, such as '%x%'");
  const pattern = parseExpression(cursor, PREDICATE_STRENGTH + 1);
  const escaper = cursor.takeKeywords('ESCAPE') ? parseExpression(cursor, UNARY_STRENGTH) : undefined;
  return { kind: 'like', operand, pattern, escaper, negated, ...span(operand, cursor) };
}

function parseList(cursor: TokenCursor): readonly Expression[] {
  const items = [parseExpression(cursor)];
  while (cursor.takeSymbol(',')) items.push(parseExpression(cursor));
  return items;
}

function parsePrefix(cursor: TokenCursor): Expression {
  const token = cursor.current;
  if (token.keyword === 'NOT') {
    cursor.take();
    const operand = parseExpression(cursor, NOT_STRENGTH);
    return { kind: 'unary', operator: 'NOT', operand, ...span(token, cursor) };
  }
  if (token.kind === 'symbol' && (token.text === '-' || token.text === '+' || token.text === '~')) {
    cursor.take();
    const operand = parseExpression(cursor, UNARY_STRENGTH);
    return { kind: 'unary', operator: token.text, operand, ...span(token, cursor) };
  }
  return parseFields(cursor, parsePrimary(cursor));
}

/** `System.Window().Id`: a field of what a call returns. */
function parseFields(cursor: TokenCursor, of: Expression): Expression {
  let expression = of;
  while (expression.kind !== 'name' && cursor.isSymbol('.') && !cursor.isSymbol('*', 1)) {
    cursor.take();
    const name = cursor.expectName('the name of a field');
    expression = { kind: 'field', of: expression, name, ...span(of, cursor) };
  }
  return expression;
}

function parsePrimary(cursor: TokenCursor): Expression {
  const token = cursor.current;
  switch (token.kind) {
    case 'string':
      cursor.take();
      return { kind: 'literal', type: 'string', text: token.text, ...span(token, cursor) };
    case 'number':
      return parseNumber(cursor);
    case 'bracketed':
      return parseNameOrCall(cursor);
    case 'word':
      return parseWord(cursor);
    case 'symbol':
      if (cursor.takeSymbol('(')) {
        const inner = parseExpression(cursor);
        cursor.expectSymbol(')', 'to close the parenthesis');
        return inner;
      }
      if (cursor.takeSymbol('*')) return { kind: 'star', ...span(token, cursor) };
      return cursor.unexpected('an expression');
    case 'end':
      return cursor.unexpected('an expression');
  }
}

function parseNumber(cursor: TokenCursor): LiteralExpression {
  const token = cursor.take();
  const type = /^\d+$/.test(token.text) ? 'integer' : 'float';
  return { kind: 'literal', type, text: token.text, ...span(token, cursor) };
}

function parseWord(cursor: TokenCursor): Expression {
  const token = cursor.current;
  const called = cursor.isSymbol('(', 1);
  if (token.keyword === 'NULL') {
    cursor.take();
    return { kind: 'literal', type: 'null', text: 'NULL', ...span(token, cursor) };
  }
  if (token.keyword === 'CASE') return parseCase(cursor);
  if ((token.keyword === 'CAST' || token.keyword === 'TRY_CAST') && called) return parseCast(cursor);
  // LEFT and RIGHT are functions as well as joins.
  if (token.keyword === 'SELECT' || (token.keyword === 'EXISTS' && called)) {
    cursor.fail(`${token.keyword} cannot be used inside an expression`, token.position, {
      expected: 'a JOIN; LEFT JOIN … WHERE right.column IS NULL finds what has no match',
      length: token.text.length,
    });
  }
  if (RESERVED.has(token.keyword) && !(called && /^(LEFT|RIGHT)$/.test(token.keyword))) {
    cursor.unexpected('an expression');
  }
  return parseNameOrCall(cursor);
}

function parseCase(cursor: TokenCursor): Expression {
  const token = cursor.take();
  const subject = cursor.isKeyword('WHEN') ? undefined : parseExpression(cursor);
  const branches: { when: Expression; result: Expression }[] = [];
  while (cursor.takeKeywords('WHEN')) {
    const when = parseExpression(cursor);
    cursor.expectKeyword('THEN', 'after the condition of WHEN');
    branches.push({ when, result: parseExpression(cursor) });
  }
  if (branches.length === 0) cursor.unexpected('WHEN');
  const otherwise = cursor.takeKeywords('ELSE') ? parseExpression(cursor) : undefined;
  cursor.expectKeyword('END', 'to close CASE');
  return { kind: 'case', subject, branches, otherwise, ...span(token, cursor) };
}

function parseCast(cursor: TokenCursor): Expression {
  const token = cursor.take();
  cursor.expectSymbol('(', `after ${token.keyword}`);
  const operand = parseExpression(cursor);
  cursor.expectKeyword('AS', `in ${token.keyword}(value AS type)`);
  const type = parseDataType(cursor);
  cursor.expectSymbol(')', `to close ${token.keyword}`);
  return { kind: 'cast', operand, type, lenient: token.keyword === 'TRY_CAST', ...span(token, cursor) };
}

function parseNameOrCall(cursor: TokenCursor): Expression {
  const first = cursor.current;
  const parts = [cursor.take().text];
  while (cursor.isSymbol('.') && !cursor.isSymbol('*', 1)) {
    cursor.take();
    parts.push(cursor.expectQuotableName('a name after the dot'));
  }
  if (cursor.isSymbol('(')) return parseCall(cursor, first, parts);
  return { kind: 'name', parts, ...span(first, cursor) };
}

function parseCall(cursor: TokenCursor, first: TokenCursor['current'], parts: readonly string[]): Expression {
  cursor.take();
  const distinct = cursor.takeKeywords('DISTINCT');
  // `COUNT(ALL expression)`: ALL is what holds without it (COUNT page).
  if (cursor.isKeyword('ALL') && !/^[),.]$/.test(cursor.peek(1).text)) cursor.take();
  const args = cursor.isSymbol(')') ? [] : parseList(cursor);
  cursor.expectSymbol(')', `to close the arguments of ${parts.join('.')}`);
  const over = cursor.isKeyword('OVER') ? parseOver(cursor) : undefined;
  const name = parts[parts.length - 1] ?? '';
  const prefix = parts.length > 1 ? parts.slice(0, -1).join('.') : undefined;
  return { kind: 'call', prefix, name, args, distinct, over, ...span(first, cursor) };
}

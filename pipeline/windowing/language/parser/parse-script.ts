/** A whole query: CREATE TABLE, WITH steps and SELECT statements, in a file. */

import { suggest } from '../suggest.js';
import { NOT_AN_ALIAS } from './keywords.js';
import { parseDataType } from './parse-data-type.js';
import { parseExpression } from './parse-expression.js';
import { parseExpressions } from './parse-over.js';
import { parseFrom } from './parse-source.js';
import type {
  CreateTableSyntax,
  DataType,
  Expression,
  NameExpression,
  QuerySyntax,
  ScriptSyntax,
  SelectItem,
  SelectSyntax,
  StepSyntax,
} from './syntax.js';
import { TokenCursor } from './token-cursor.js';

/** Parses a query. Throws QueryError `FF_QUERY_SYNTAX` at the first thing that cannot be read. */
export function parseScript(source: string): ScriptSyntax {
  const cursor = new TokenCursor(source);
  const tables: CreateTableSyntax[] = [];
  const steps: StepSyntax[] = [];
  const outputs: QuerySyntax[] = [];
  while (cursor.current.kind !== 'end') {
    if (cursor.takeSymbol(';')) continue;
    if (cursor.isKeyword('CREATE')) tables.push(parseCreateTable(cursor));
    else if (cursor.takeKeywords('WITH')) steps.push(...parseSteps(cursor));
    else if (cursor.isKeyword('SELECT') || cursor.isSymbol('(')) outputs.push(parseQuery(cursor));
    else cursor.unexpected('SELECT, WITH or CREATE TABLE', ['SELECT', 'WITH', 'CREATE']);
  }
  if (outputs.length === 0) cursor.unexpected('a SELECT statement');
  return { tables, steps, outputs };
}

function parseCreateTable(cursor: TokenCursor): CreateTableSyntax {
  const { position } = cursor.take();
  cursor.expectKeyword('TABLE', 'after CREATE');
  const name = cursor.expectName('the name of an input');
  cursor.expectSymbol('(', 'before the columns');
  const columns: { name: string; type: DataType }[] = [];
  while (!cursor.isSymbol(')')) {
    const column = cursor.expectName('the name of a column');
    columns.push({ name: column, type: parseDataType(cursor) });
    if (!cursor.takeSymbol(',')) break;
  }
  cursor.expectSymbol(')', 'after the columns');
  return { name, columns, position };
}

function parseSteps(cursor: TokenCursor): readonly StepSyntax[] {
  const steps: StepSyntax[] = [];
  do {
    const { position } = cursor.current;
    const name = cursor.expectName('the name of a step');
    // One of the documentation's own examples leaves AS out.
    if (!cursor.isSymbol('(')) cursor.expectKeyword('AS', 'after the name of the step');
    cursor.expectSymbol('(', 'before the query of the step');
    const query = parseQuery(cursor);
    cursor.expectSymbol(')', 'after the query of the step');
    steps.push({ name, query, position });
  } while (cursor.takeSymbol(','));
  return steps;
}

/**
 * `SELECT … [UNION [ALL] SELECT …]…`; a SELECT may stand in parentheses. "UNION incorporates all rows into the
 * results. This includes duplicates", so ALL changes nothing.
 */
export function parseQuery(cursor: TokenCursor): QuerySyntax {
  const selects = [...parseOperand(cursor)];
  while (cursor.takeKeywords('UNION')) {
    cursor.takeKeywords('ALL');
    selects.push(...parseOperand(cursor));
  }
  if (/^(EXCEPT|INTERSECT)$/.test(cursor.current.keyword)) {
    cursor.fail(`${cursor.current.keyword} is not part of the language`, cursor.current.position, {
      expected: 'UNION, or a JOIN: LEFT JOIN … WHERE right.column IS NULL finds what has no match',
      length: cursor.current.text.length,
    });
  }
  return { selects };
}

function parseOperand(cursor: TokenCursor): readonly SelectSyntax[] {
  if (!cursor.takeSymbol('(')) return [parseSelect(cursor)];
  const inner = parseQuery(cursor);
  cursor.expectSymbol(')', 'to close the query');
  return inner.selects;
}

function parseSelect(cursor: TokenCursor): SelectSyntax {
  const { position } = cursor.expectKeyword('SELECT', 'to start a query');
  // Not in the reference, and yet in jobs of Microsoft's own tutorials.
  const distinct = cursor.takeKeywords('DISTINCT');
  const items = parseItems(cursor);
  const into = cursor.isKeyword('INTO') ? parseInto(cursor) : undefined;
  expectFrom(cursor, into !== undefined);
  const { from, combinators } = parseFrom(cursor);
  const where = cursor.takeKeywords('WHERE') ? parseExpression(cursor) : undefined;
  const groupBy: readonly Expression[] = cursor.takeKeywords('GROUP', 'BY') ? parseExpressions(cursor) : [];
  const having = cursor.takeKeywords('HAVING') ? parseExpression(cursor) : undefined;
  refuseOrdering(cursor);
  expectEnd(cursor);
  return { distinct, items, into, from, combinators, where, groupBy, having, position };
}

/** FROM, or what is missing before it: mostly a comma between two columns. */
function expectFrom(cursor: TokenCursor, isAfterInto: boolean): void {
  const alias = cursor.peek(-1);
  if (alias.keyword === 'WITHIN' && cursor.isKeyword('GROUP')) {
    cursor.fail('WITHIN GROUP is not part of the language', alias.position, {
      expected: 'OVER (ORDER BY column) after PERCENTILE_CONT(…)',
      length: alias.text.length,
    });
  }
  if (!isAfterInto && startsColumn(cursor)) {
    // A misspelt FROM has been taken for an alias.
    const meant = alias.kind === 'word' ? suggest(alias.text, ['FROM', 'INTO']) : undefined;
    const { text, position } = meant === undefined ? cursor.current : alias;
    cursor.fail(`'${text}' cannot stand here`, position, {
      expected: 'a comma between two columns, or FROM after the select list',
      length: text.length,
      suggestion: meant,
    });
  }
  cursor.expectKeyword('FROM', 'after the select list');
}

/** ORDER BY and what cuts a result off: a stream has no end to wait for. */
function refuseOrdering(cursor: TokenCursor): void {
  const { keyword, text, position } = cursor.current;
  if (!/^(ORDER|LIMIT|OFFSET|FETCH)$/.test(keyword)) return;
  cursor.fail(
    `${keyword === 'ORDER' ? 'ORDER BY' : keyword} cannot be used on a stream, which has no end`,
    position,
    {
      expected: 'the end of the query; CollectTop(n) OVER (ORDER BY …) gives the first events of a window',
      length: text.length,
    },
  );
}

/** Words with which a SELECT goes on, in the order in which they may come. */
const CLAUSES = ['TIMESTAMP', 'PARTITION', 'JOIN', 'WHERE', 'GROUP', 'HAVING', 'UNION'];

/** Fails when what follows a SELECT is neither its end nor another query; says what was probably meant. */
function expectEnd(cursor: TokenCursor): void {
  const { kind, keyword } = cursor.current;
  const isEnd = kind === 'end' || cursor.isSymbol(';') || cursor.isSymbol(')') || cursor.isSymbol('(');
  if (isEnd || /^(SELECT|WITH|CREATE|UNION|EXCEPT|INTERSECT)$/.test(keyword)) return;
  if (/^(GROUP|TIMESTAMP|PARTITION)$/.test(keyword) && !cursor.isKeyword('BY', 1)) {
    cursor.take();
    cursor.unexpected(`BY after ${keyword}`);
  }
  if (CLAUSES.includes(keyword)) {
    cursor.unexpected(
      'each clause once and in this order: FROM … [TIMESTAMP BY] [JOIN …] WHERE … GROUP BY … HAVING …',
    );
  }
  const alias = cursor.peek(-1);
  // A misspelt clause has been taken for the alias of the source.
  const meant =
    alias.kind === 'word' ? suggest(alias.text, [...CLAUSES, 'TIMESTAMP BY', 'GROUP BY']) : undefined;
  const { text, position } = meant === undefined ? cursor.current : alias;
  cursor.fail(`'${text}' cannot stand here`, position, {
    expected: 'WHERE, GROUP BY, HAVING, UNION or the end of the query',
    length: text.length,
    suggestion: meant ?? suggest(text, CLAUSES),
  });
}

function parseInto(cursor: TokenCursor): SelectSyntax['into'] {
  const { position } = cursor.take();
  return { name: cursor.expectQuotableName('the name of an output'), position };
}

function parseItems(cursor: TokenCursor): readonly SelectItem[] {
  if (cursor.isKeyword('TOP') && cursor.peek(1).kind === 'number') {
    cursor.fail('SELECT TOP is not part of the language', cursor.current.position, {
      expected: 'TopOne() or CollectTop(n) OVER (ORDER BY …) in a windowed query',
      length: cursor.current.text.length,
    });
  }
  const items = [parseItem(cursor)];
  while (cursor.takeSymbol(',')) {
    // Azure's editor accepts a comma before FROM; the documentation has such a query.
    if (cursor.isKeyword('FROM') || cursor.isKeyword('INTO')) break;
    items.push(parseItem(cursor));
  }
  return items;
}

function parseItem(cursor: TokenCursor): SelectItem {
  const { position, start } = cursor.current;
  if (cursor.isSymbol('*')) {
    cursor.take();
    return { kind: 'star', position };
  }
  const aliasFirst = isName(cursor) && cursor.isSymbol('=', 1) ? cursor.take().text : undefined;
  if (aliasFirst !== undefined) cursor.take();
  const expression = parseExpression(cursor);
  if (expression.kind === 'name' && cursor.isSymbol('.') && cursor.isSymbol('*', 1)) {
    cursor.take();
    cursor.take();
    const of: NameExpression = { ...expression, start, end: cursor.lastEnd };
    return { kind: 'expand', of, position };
  }
  return { kind: 'expression', expression, alias: aliasFirst ?? parseAlias(cursor), position };
}

/** Whether what stands here could begin a column, were there a comma before it. */
function startsColumn(cursor: TokenCursor): boolean {
  const { kind, keyword } = cursor.current;
  if (kind === 'number' || kind === 'string' || kind === 'bracketed') return true;
  return keyword === 'CASE' || keyword === 'CAST' || (kind === 'word' && !NOT_AN_ALIAS.has(keyword));
}

function isName(cursor: TokenCursor): boolean {
  const { kind } = cursor.current;
  return kind === 'word' || kind === 'bracketed';
}

/** `[AS] name`; AS may also be followed by a quoted name. */
function parseAlias(cursor: TokenCursor): string | undefined {
  if (cursor.takeKeywords('AS')) {
    if (cursor.current.kind === 'string') return cursor.take().text;
    if (cursor.isKeyword('FROM') || cursor.isKeyword('INTO')) cursor.unexpected('a name after AS');
    return cursor.expectName('an alias after AS');
  }
  const { kind, keyword } = cursor.current;
  if (kind === 'bracketed' || (kind === 'word' && !NOT_AN_ALIAS.has(keyword))) return cursor.take().text;
  return undefined;
}

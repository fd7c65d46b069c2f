/** FROM: inputs, steps and subqueries with their clauses, JOIN and APPLY. */
import { NOT_AN_ALIAS } from './keywords.js';
import { parseExpression } from './parse-expression.js';
import { parseMatchRecognize } from './parse-match.js';
import { parseExpressions } from './parse-over.js';
import { parseQuery } from './parse-script.js';
import type {
  CombinatorSyntax,
  Expression,
  MatchRecognizeSyntax,
  QuerySyntax,
  SourceSyntax,
  TimestampBy,
} from './syntax.js';
import type { TokenCursor } from './token-cursor.js';

/** One source with `[AS alias] [TIMESTAMP BY …] [PARTITION BY …]`, the clauses in any order. */
export function parseSource(cursor: TokenCursor): SourceSyntax {
  const { position } = cursor.current;
  let query: QuerySyntax | undefined;
  let name = '';
  if (cursor.takeSymbol('(')) {
    query = parseQuery(cursor);
    cursor.expectSymbol(')', 'after the subquery');
  } else {
    name = cursor.expectQuotableName('the name of an input or a step');
  }
  let alias: string | undefined;
  let timestampBy: TimestampBy | undefined;
  let partitionBy: readonly Expression[] = [];
  let partitionCount: number | undefined;
  let match: MatchRecognizeSyntax | undefined;
  for (;;) {
    if (cursor.isKeyword('TIMESTAMP') && cursor.isKeyword('BY', 1)) timestampBy = parseTimestampBy(cursor);
    else if (cursor.takeKeywords('PARTITION', 'BY')) {
      partitionBy = parseExpressions(cursor);
      if (cursor.takeKeywords('INTO')) partitionCount = parsePartitionCount(cursor);
    } else if (cursor.isKeyword('MATCH_RECOGNIZE')) {
      match = parseMatchRecognize(cursor);
      alias ??= match.alias;
    } else if (cursor.takeKeywords('AS')) alias = cursor.expectName('an alias after AS');
    else if (alias === undefined && startsAlias(cursor)) alias = cursor.take().text;
    else break;
  }
  if (query !== undefined && alias === undefined && name === '') name = 'subquery';
  return {
    name,
    query,
    alias: alias ?? name,
    timestampBy,
    partitionBy,
    partitionCount,
    position,
    match,
  };
}

/** "Shard count must be greater than 1" (INTO page). */
function parsePartitionCount(cursor: TokenCursor): number {
  const token = cursor.take();
  const count = Number(token.text);
  if (token.kind === 'number' && Number.isInteger(count) && count > 1) return count;
  return cursor.fail('PARTITION BY … INTO needs a number of partitions above 1', token.position, {
    expected: 'a whole number such as 10',
    length: token.text.length,
  });
}

function startsAlias(cursor: TokenCursor): boolean {
  const { kind, keyword } = cursor.current;
  return kind === 'bracketed' || (kind === 'word' && !NOT_AN_ALIAS.has(keyword));
}

function parseTimestampBy(cursor: TokenCursor): TimestampBy {
  const { position } = cursor.take();
  cursor.take();
  const expression = parseExpression(cursor);
  const over = cursor.takeKeywords('OVER') ? parseExpressions(cursor) : [];
  return { expression, over, position };
}

/** What follows FROM: a source and its JOINs and APPLYs, of which the first may stand in parentheses. */
export function parseFrom(cursor: TokenCursor): {
  readonly from: SourceSyntax;
  readonly combinators: readonly CombinatorSyntax[];
} {
  if (!cursor.isSymbol('(') || cursor.isSymbol('(', 1) || cursor.isKeyword('SELECT', 1)) {
    return { from: parseSource(cursor), combinators: parseCombinators(cursor) };
  }
  cursor.take();
  const { from, combinators } = parseFrom(cursor);
  cursor.expectSymbol(')', 'after the joined sources');
  return { from, combinators: [...combinators, ...parseCombinators(cursor)] };
}

/** Every JOIN and APPLY after the first source, in the order written. */
function parseCombinators(cursor: TokenCursor): readonly CombinatorSyntax[] {
  const combinators: CombinatorSyntax[] = [];
  for (;;) {
    const { position } = cursor.current;
    if (cursor.takeKeywords('CROSS', 'APPLY')) combinators.push(parseApply(cursor, false, position));
    else if (cursor.takeKeywords('OUTER', 'APPLY')) combinators.push(parseApply(cursor, true, position));
    else if (cursor.takeKeywords('JOIN') || cursor.takeKeywords('INNER', 'JOIN')) {
      combinators.push(parseJoin(cursor, false, position));
    } else if (cursor.takeKeywords('LEFT', 'OUTER', 'JOIN') || cursor.takeKeywords('LEFT', 'JOIN')) {
      combinators.push(parseJoin(cursor, true, position));
    } else if (cursor.takeKeywords('CROSS', 'JOIN')) {
      const source = parseSource(cursor);
      combinators.push({ kind: 'join', outer: false, source, on: undefined, position });
    } else if (/^(RIGHT|FULL|CROSS)$/.test(cursor.current.keyword)) {
      cursor.fail(`${cursor.current.keyword} JOIN is not part of the language`, position, {
        expected: 'JOIN, LEFT [OUTER] JOIN, CROSS APPLY or OUTER APPLY',
        length: cursor.current.text.length,
      });
    } else if (cursor.isSymbol(',')) {
      cursor.fail('Sources cannot be joined by a comma', position, {
        expected: 'JOIN source ON condition, with a bound on the time between their events',
      });
    } else return combinators;
  }
}

function parseJoin(
  cursor: TokenCursor,
  outer: boolean,
  position: SourceSyntax['position'],
): CombinatorSyntax {
  const source = parseSource(cursor);
  cursor.expectKeyword('ON', 'and a condition after the joined source');
  return { kind: 'join', outer, source, on: parseExpression(cursor), position };
}

function parseApply(
  cursor: TokenCursor,
  outer: boolean,
  position: SourceSyntax['position'],
): CombinatorSyntax {
  const call = parseExpression(cursor);
  if (call.kind !== 'call') {
    cursor.fail('APPLY needs a table-valued function', call.position, {
      expected: 'GetArrayElements(array) or GetRecordProperties(record)',
    });
  }
  cursor.takeKeywords('AS');
  return { kind: 'apply', outer, call, alias: cursor.expectName('a name for the elements'), position };
}

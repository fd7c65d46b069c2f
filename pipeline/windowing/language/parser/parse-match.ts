/** MATCH_RECOGNIZE: its clauses, and the regular expression over pattern variables. */
import { parseExpression } from './parse-expression.js';
import { parseExpressions, parseLimit } from './parse-over.js';
import type { DurationSyntax, Expression, MatchRecognizeSyntax, PatternSyntax } from './syntax.js';
import type { TokenCursor } from './token-cursor.js';

/** Reads `MATCH_RECOGNIZE ( … ) [AS alias]`; the clauses may come in any order, as the documentation's own examples have them. */
export function parseMatchRecognize(cursor: TokenCursor): MatchRecognizeSyntax {
  const { position } = cursor.expectKeyword('MATCH_RECOGNIZE', 'before its clauses');
  cursor.expectSymbol('(', 'after MATCH_RECOGNIZE');
  let partitionBy: readonly Expression[] = [];
  let limit: DurationSyntax | undefined;
  let measures: MatchRecognizeSyntax['measures'] = [];
  let pattern: PatternSyntax | undefined;
  let define: MatchRecognizeSyntax['define'] = [];
  while (!cursor.isSymbol(')')) {
    if (cursor.takeKeywords('PARTITION', 'BY')) partitionBy = parseExpressions(cursor);
    else if (cursor.isKeyword('LIMIT')) limit = parseLimit(cursor);
    else if (cursor.takeKeywords('AFTER', 'MATCH', 'SKIP', 'TO', 'NEXT', 'ROW')) continue;
    else if (cursor.takeKeywords('ONE', 'ROW', 'PER', 'MATCH')) continue;
    else if (cursor.takeKeywords('MEASURES')) measures = parseMeasures(cursor);
    else if (cursor.takeKeywords('PATTERN')) pattern = parsePattern(cursor);
    else if (cursor.takeKeywords('DEFINE')) define = parseDefinitions(cursor);
    else
      cursor.unexpected(
        'PARTITION BY, LIMIT DURATION, AFTER MATCH SKIP TO NEXT ROW, MEASURES, PATTERN or DEFINE',
      );
  }
  if (limit === undefined) cursor.unexpected('LIMIT DURATION(unit, length) in MATCH_RECOGNIZE');
  if (pattern === undefined) cursor.unexpected('PATTERN (…) in MATCH_RECOGNIZE');
  cursor.take();
  const alias = cursor.takeKeywords('AS') ? cursor.expectName('an alias') : undefined;
  return { partitionBy, limit, measures, pattern, define, alias, position };
}

function parseMeasures(cursor: TokenCursor): MatchRecognizeSyntax['measures'] {
  const measures: { expression: Expression; alias: string }[] = [];
  do {
    const expression = parseExpression(cursor);
    cursor.expectKeyword('AS', 'and a name after each measure');
    measures.push({ expression, alias: cursor.expectName('the name of the measure') });
  } while (cursor.takeSymbol(','));
  return measures;
}

function parseDefinitions(cursor: TokenCursor): MatchRecognizeSyntax['define'] {
  const define: { name: string; condition: Expression }[] = [];
  do {
    const name = cursor.expectName('a pattern variable');
    cursor.expectKeyword('AS', 'after the pattern variable');
    define.push({ name, condition: parseExpression(cursor) });
  } while (cursor.takeSymbol(','));
  return define;
}

function parsePattern(cursor: TokenCursor): PatternSyntax {
  cursor.expectSymbol('(', 'after PATTERN');
  const pattern = parseChoice(cursor);
  cursor.expectSymbol(')', 'to close PATTERN');
  return pattern;
}

function parseChoice(cursor: TokenCursor): PatternSyntax {
  const items = [parseSequence(cursor)];
  while (cursor.takeSymbol('|')) items.push(parseSequence(cursor));
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: 'choice', items };
}

function parseSequence(cursor: TokenCursor): PatternSyntax {
  const items: PatternSyntax[] = [];
  while (startsItem(cursor)) {
    items.push(parseQuantified(cursor));
  }
  if (items.length === 0) cursor.unexpected('a pattern variable or a group in parentheses');
  return { kind: 'sequence', items };
}

function startsItem(cursor: TokenCursor): boolean {
  const { kind } = cursor.current;
  return cursor.isSymbol('(') || cursor.isSymbol('.') || kind === 'word' || kind === 'bracketed';
}

function parseQuantified(cursor: TokenCursor): PatternSyntax {
  let item: PatternSyntax;
  if (cursor.takeSymbol('(')) {
    item = parseChoice(cursor);
    cursor.expectSymbol(')', 'to close the group');
  } else if (cursor.takeSymbol('.')) {
    // Nothing can define it, so that it matches any event.
    item = { kind: 'variable', name: '.' };
  } else {
    item = { kind: 'variable', name: cursor.expectName('a pattern variable') };
  }
  if (cursor.takeSymbol('*')) return { kind: 'repeat', item, min: 0, max: Number.POSITIVE_INFINITY };
  if (cursor.takeSymbol('+')) return { kind: 'repeat', item, min: 1, max: Number.POSITIVE_INFINITY };
  if (cursor.takeSymbol('?')) return { kind: 'repeat', item, min: 0, max: 1 };
  if (cursor.isSymbol('{')) return parseCounted(cursor, item);
  return item;
}

const MAX_REPETITIONS = 1000;

/** `{n}`, `{n,}`, `{n,m}`. */
function parseCounted(cursor: TokenCursor, item: PatternSyntax): PatternSyntax {
  cursor.take();
  const min = Number(cursor.take().text);
  let max = min;
  if (cursor.takeSymbol(','))
    max = cursor.isSymbol('}') ? Number.POSITIVE_INFINITY : Number(cursor.take().text);
  const isCount = (count: number): boolean => Number.isInteger(count) && count <= MAX_REPETITIONS;
  if (!isCount(min) || !(isCount(max) || max === Number.POSITIVE_INFINITY) || max < min || max === 0)
    cursor.unexpected(`a number of repetitions, ${MAX_REPETITIONS} at most`);
  cursor.expectSymbol('}', 'to close the number of repetitions');
  return { kind: 'repeat', item, min, max };
}

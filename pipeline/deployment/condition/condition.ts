/**
 * Conditions over JSON, as IoT Hub takes them in twin queries, target conditions of automatic deployments and
 * message routes, and as IoT Edge takes them in the WHERE of a route.
 */
import { TokenReader } from './tokens.js';

export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Condition =
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'path'; readonly segments: readonly string[] }
  | { readonly kind: 'list'; readonly items: readonly Condition[] }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Condition[] }
  | { readonly kind: 'not'; readonly operand: Condition }
  | { readonly kind: 'and' | 'or' | 'in'; readonly left: Condition; readonly right: Condition }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: Condition;
      readonly right: Condition;
    };

/** Throws `ConditionError`, which says where and what was expected. */
export function parseCondition(source: string): Condition {
  const reader = new TokenReader(source);
  const condition = readCondition(reader);
  reader.expectEnd();
  return condition;
}

/** Reads a condition from where `reader` stands: OR binds least, then AND, then NOT. */
export function readCondition(reader: TokenReader): Condition {
  let left = readAnd(reader);
  while (reader.takeIf('or')) left = { kind: 'or', left, right: readAnd(reader) };
  return left;
}

function readAnd(reader: TokenReader): Condition {
  let left = readNot(reader);
  while (reader.takeIf('and')) left = { kind: 'and', left, right: readNot(reader) };
  return left;
}

function readNot(reader: TokenReader): Condition {
  if (reader.takeIf('not')) return { kind: 'not', operand: readNot(reader) };
  return readComparison(reader);
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

function readComparison(reader: TokenReader): Condition {
  const left = readOperand(reader);
  if (reader.takeIf('in')) return { kind: 'in', left, right: readOperand(reader) };
  if (reader.takeIf('nin')) {
    return { kind: 'not', operand: { kind: 'in', left, right: readOperand(reader) } };
  }
  const token = reader.peek();
  const operator = token.kind === 'symbol' ? COMPARISONS[token.text] : undefined;
  if (operator === undefined) return left;
  reader.take();
  return { kind: 'compare', operator, left, right: readOperand(reader) };
}

const CONSTANTS: Readonly<Record<string, Value>> = { true: true, false: false, null: null };

function readOperand(reader: TokenReader): Condition {
  if (reader.takeIf('(')) {
    const inner = readCondition(reader);
    reader.expect(')');
    return inner;
  }
  if (reader.takeIf('[')) return { kind: 'list', items: readItems(reader, ']') };
  const token = reader.peek();
  switch (token.kind) {
    case 'text':
      reader.take();
      return { kind: 'literal', value: token.text };
    case 'number':
      reader.take();
      return { kind: 'literal', value: token.value };
    case 'word':
      return readName(reader, token.text);
    default:
      return reader.fail('a value, a property or a function');
  }
}

function readName(reader: TokenReader, word: string): Condition {
  const constant = CONSTANTS[word.toLowerCase()];
  if (constant !== undefined) {
    reader.take();
    return { kind: 'literal', value: constant };
  }
  const segments = readPath(reader);
  const [name = ''] = segments;
  if (segments.length === 1 && reader.takeIf('(')) {
    return { kind: 'call', name: name.toLowerCase(), operands: readItems(reader, ')') };
  }
  return { kind: 'path', segments };
}

/** `tags.location`, `properties.reported['a b']`, `$body.items[0]`. */
export function readPath(reader: TokenReader): readonly string[] {
  const segments = [readWord(reader)];
  for (;;) {
    // `properties.reported.['$metadata']` is written with and without the dot.
    if (reader.takeIf('.') && !isSymbol(reader, '[')) segments.push(readWord(reader));
    else if (reader.takeIf('[')) {
      const key = reader.take();
      if (key.kind === 'text') segments.push(key.text);
      else if (key.kind === 'number') segments.push(String(key.value));
      else reader.fail('a name in quotes, or an index');
      reader.expect(']');
    } else return segments;
  }
}

function readWord(reader: TokenReader): string {
  const token = reader.peek();
  if (token.kind !== 'word') return reader.fail('a name');
  reader.take();
  return token.text;
}

function isSymbol(reader: TokenReader, text: string): boolean {
  const token = reader.peek();
  return token.kind === 'symbol' && token.text === text;
}

function readItems(reader: TokenReader, close: string): readonly Condition[] {
  const items: Condition[] = [];
  if (reader.takeIf(close)) return items;
  do items.push(readCondition(reader));
  while (reader.takeIf(','));
  reader.expect(close);
  return items;
}

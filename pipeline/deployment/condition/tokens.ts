/** Words of the query language that IoT Hub and IoT Edge share ("IoT Hub query language", "Message routing query syntax"). */

export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  | { readonly kind: 'number'; readonly value: number; readonly at: number }
  | { readonly kind: 'symbol'; readonly text: string; readonly at: number }
  | { readonly kind: 'end'; readonly at: number };

/** A query or condition that cannot be read. */
export class ConditionError extends Error {
  readonly code = 'FF_CONDITION_INVALID';
}

const TOKEN =
  /(?<space>\s+)|(?<text>'(?:[^']|'')*'|"(?:[^"\\]|\\.)*")|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<word>[A-Za-z_$][\w$-]*)|(?<symbol><=|>=|!=|<>|[=<>(),.*[\]])/uy;

/** Throws `ConditionError` at a character that starts no word. */
export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < source.length; ) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    if (match === null) throw new ConditionError(`'${source[at]}' at character ${at + 1} means nothing here`);
    const { space, text, number, word, symbol } = match.groups ?? {};
    if (text !== undefined) tokens.push({ kind: 'text', text: unquoted(text), at });
    else if (number !== undefined) tokens.push({ kind: 'number', value: Number(number), at });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol, at });
    else if (space === undefined) throw new ConditionError(`nothing to read at character ${at + 1}`);
    at = TOKEN.lastIndex;
  }
  return [...tokens, { kind: 'end', at: source.length }];
}

function unquoted(text: string): string {
  const inner = text.slice(1, -1);
  return text.startsWith("'") ? inner.replaceAll("''", "'") : inner.replace(/\\(.)/gsu, '$1');
}

/** Reads tokens one after the other. */
export class TokenReader {
  private readonly tokens: readonly Token[];
  private next = 0;

  constructor(source: string) {
    this.tokens = tokensOf(source);
  }

  peek(): Token {
    return this.tokens[this.next] ?? { kind: 'end', at: 0 };
  }

  take(): Token {
    const token = this.peek();
    this.next++;
    return token;
  }

  /** Takes the next token if it is that word (in any case) or symbol. */
  takeIf(text: string): boolean {
    const token = this.peek();
    const isIt =
      (token.kind === 'word' || token.kind === 'symbol') && token.text.toLowerCase() === text.toLowerCase();
    if (isIt) this.next++;
    return isIt;
  }

  expect(text: string): void {
    if (!this.takeIf(text)) this.fail(`'${text}'`);
  }

  expectEnd(): void {
    if (this.peek().kind !== 'end') this.fail('the end');
  }

  fail(expected: string): never {
    const token = this.peek();
    throw new ConditionError(`expected ${expected} at character ${token.at + 1}, found ${described(token)}`);
  }
}

function described(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'the end';
    case 'number':
      return String(token.value);
    default:
      return `'${token.text}'`;
  }
}

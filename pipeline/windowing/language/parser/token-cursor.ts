/** Reading tokens one after another, with the errors a reader deserves when one is not what it must be. */

import { type Position, QueryError } from '../query-error.js';
import { suggest } from '../suggest.js';
import { type Token, tokenize } from './lexer.js';

export class TokenCursor {
  private readonly tokens: readonly Token[];
  private index = 0;

  constructor(private readonly source: string) {
    this.tokens = tokenize(source);
  }

  get current(): Token {
    return this.peek(0);
  }

  /** Offset after the last token taken. */
  get lastEnd(): number {
    return this.tokens[this.index - 1]?.end ?? 0;
  }

  peek(ahead: number): Token {
    const token = this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)];
    if (token === undefined) throw new Error('a token list always ends in an end token');
    return token;
  }

  take(): Token {
    const token = this.current;
    this.index++;
    return token;
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'symbol' && token.text === symbol;
  }

  isKeyword(keyword: string, ahead = 0): boolean {
    return this.peek(ahead).keyword === keyword;
  }

  /** Takes the keywords when all of them are next, in this order. */
  takeKeywords(...keywords: readonly string[]): boolean {
    if (!keywords.every((keyword, i) => this.isKeyword(keyword, i))) return false;
    this.index += keywords.length;
    return true;
  }

  takeSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.index++;
    return true;
  }

  expectSymbol(symbol: string, where: string): Token {
    if (!this.isSymbol(symbol)) this.unexpected(`\`${symbol}\` ${where}`);
    return this.take();
  }

  expectKeyword(keyword: string, where: string): Token {
    if (!this.isKeyword(keyword)) this.unexpected(`${keyword} ${where}`, [keyword]);
    return this.take();
  }

  /** Takes a plain or bracketed name. */
  expectName(what: string): string {
    const token = this.current;
    if (token.kind !== 'word' && token.kind !== 'bracketed') this.unexpected(what);
    return this.take().text;
  }

  /**
   * Takes the name of a source, of an output or of a field after its dot, which may also stand in double quotes, as
   * Microsoft's tutorials and published jobs have it. Elsewhere double quotes hold a string.
   */
  expectQuotableName(what: string): string {
    const { kind, start } = this.current;
    const isQuoted = kind === 'string' && this.source[start] === '"';
    return isQuoted ? this.take().text : this.expectName(what);
  }

  /** Fails at the current token; `keywords` are those that could stand here, for the suggestion. */
  unexpected(expected: string, keywords: readonly string[] = []): never {
    const token = this.current;
    const found = token.kind === 'end' ? 'The query ends here' : `'${token.text}' cannot stand here`;
    this.fail(found, token.position, {
      expected,
      length: token.end - token.start,
      suggestion: token.kind === 'word' ? suggest(token.text, keywords) : undefined,
    });
  }

  fail(
    message: string,
    position: Position,
    more: {
      readonly expected?: string;
      readonly length?: number;
      readonly suggestion?: string | undefined;
    } = {},
  ): never {
    throw new QueryError({
      code: 'FF_QUERY_SYNTAX',
      message,
      position,
      ...(more.expected === undefined ? {} : { expected: more.expected }),
      ...(more.length === undefined ? {} : { length: more.length }),
      ...(more.suggestion === undefined ? {} : { suggestion: more.suggestion }),
    });
  }
}

/** Query text → tokens. Comments and white space are dropped; every token knows its place. */
import { type Position, QueryError } from '../query-error.js';

export type TokenKind = 'word' | 'bracketed' | 'string' | 'number' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** The word as written, the name inside brackets, the string's contents, the number's digits or the symbol. */
  readonly text: string;
  /** Upper case, for keywords; empty for anything that cannot be a keyword. */
  readonly keyword: string;
  readonly position: Position;
  /** Offset of the token's first character, and of the one after its last. */
  readonly start: number;
  readonly end: number;
}

const SYMBOLS = ['<>', '!=', '<=', '>=', '!<', '!>', ...'=<>+-*/%&|^~(),.;?{}'];
/** Documentation and word processors turn straight quotes into these; Azure's editor accepts pasted ones. */
const CLOSING_QUOTES: Readonly<Record<string, string>> = {
  "'": "'",
  '"': '"',
  '\u2018': '\u2018\u2019',
  '\u2019': '\u2019',
  '\u201c': '\u201d',
};

/** Operators of other languages, and what stands for them here. */
const FOREIGN_OPERATORS: Readonly<Record<string, string>> = {
  '==': '=',
  '&&': 'AND',
  '||': 'OR; CONCAT(a, b) joins strings',
  '≤': '<=',
  '≥': '>=',
  '≠': '<>',
};

const WORD_START = /[\p{L}_@#$]/u;
const WORD_PART = /[\p{L}\p{N}_@#$]/u;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;

/** Splits a query into tokens, ending in one of kind `end`. Throws QueryError `FF_QUERY_SYNTAX`. */
export function tokenize(source: string): readonly Token[] {
  return new Lexer(source).run();
}

class Lexer {
  private offset = 0;
  private line = 1;
  private lineStart = 0;
  private readonly tokens: Token[] = [];

  constructor(private readonly source: string) {}

  run(): readonly Token[] {
    for (;;) {
      this.skipBlanks();
      if (this.offset >= this.source.length) break;
      this.tokens.push(this.next());
    }
    this.tokens.push(this.token('end', '', this.position(), this.offset));
    return this.tokens;
  }

  private position(): Position {
    return { line: this.line, column: this.offset - this.lineStart + 1 };
  }

  private token(kind: TokenKind, text: string, position: Position, start: number): Token {
    return {
      kind,
      text,
      keyword: kind === 'word' ? text.toUpperCase() : '',
      position,
      start,
      end: this.offset,
    };
  }

  private advanceTo(offset: number): void {
    for (let i = this.offset; i < offset; i++) {
      if (this.source[i] === '\n') {
        this.line++;
        this.lineStart = i + 1;
      }
    }
    this.offset = offset;
  }

  private skipBlanks(): void {
    for (;;) {
      const char = this.source[this.offset];
      if (char === undefined) return;
      if (/\s|\ufeff/.test(char)) this.advanceTo(this.offset + 1);
      else if (this.source.startsWith('--', this.offset)) this.skipLine();
      else if (this.source.startsWith('/*', this.offset)) this.skipBlock();
      else return;
    }
  }

  private skipLine(): void {
    const end = this.source.indexOf('\n', this.offset);
    this.advanceTo(end < 0 ? this.source.length : end + 1);
  }

  private skipBlock(): void {
    const end = this.source.indexOf('*/', this.offset + 2);
    if (end < 0) this.fail('This comment is not closed', '`*/`');
    this.advanceTo(end + 2);
  }

  private next(): Token {
    const char = this.source[this.offset] ?? '';
    if (char === '[') return this.delimited('bracketed', ']', 'A name in brackets is not closed');
    const closing = CLOSING_QUOTES[char];
    if (closing !== undefined) return this.delimited('string', closing, 'This string is not closed');
    if (WORD_START.test(char)) return this.word();
    NUMBER.lastIndex = this.offset;
    if (NUMBER.test(this.source)) return this.span('number', NUMBER.lastIndex);
    const foreign = Object.keys(FOREIGN_OPERATORS).find((text) => this.source.startsWith(text, this.offset));
    if (foreign !== undefined)
      this.fail(`'${foreign}' is not an operator of the language`, FOREIGN_OPERATORS[foreign] ?? '');
    const symbol = SYMBOLS.find((candidate) => this.source.startsWith(candidate, this.offset));
    if (symbol === undefined) this.fail(`'${char}' cannot stand here`, 'a word, a literal or an operator');
    return this.span('symbol', this.offset + symbol.length);
  }

  private word(): Token {
    let end = this.offset + 1;
    while (end < this.source.length && WORD_PART.test(this.source[end] ?? '')) end++;
    // T-SQL marks Unicode strings with N'…'.
    if (end === this.offset + 1 && /[nN]/.test(this.source[this.offset] ?? '') && this.source[end] === "'") {
      this.advanceTo(end);
      return this.delimited('string', "'", 'This string is not closed');
    }
    return this.span('word', end);
  }

  private span(kind: TokenKind, end: number): Token {
    const position = this.position();
    const start = this.offset;
    this.advanceTo(end);
    return this.token(kind, this.source.slice(start, end), position, start);
  }

  /** Reads to one of the `closing` characters; doubled, it stands for itself. */
  private delimited(kind: TokenKind, closing: string, complaint: string): Token {
    const position = this.position();
    const start = this.offset;
    let text = '';
    let i = start + 1;
    for (;;) {
      const char = this.source[i];
      if (char === undefined) this.fail(complaint, `\`${closing}\``);
      if (closing.includes(char)) {
        if (this.source[i + 1] !== char) break;
        i++;
      }
      text += char;
      i++;
    }
    this.advanceTo(i + 1);
    return this.token(kind, text, position, start);
  }

  private fail(message: string, expected: string): never {
    throw new QueryError({ code: 'FF_QUERY_SYNTAX', message, position: this.position(), expected });
  }
}

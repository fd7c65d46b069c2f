/** What is wrong with a query, said so that its author can mend it: where, what, what was expected, what was meant. */

/** A place in the query text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface QueryErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly position: Position;
  /** Characters to underline. */
  readonly length?: number;
  readonly expected?: string;
  readonly suggestion?: string;
}

/** A query that Azure would refuse, or that cannot be read. */
export class QueryError extends Error {
  readonly code: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly expected: string | undefined;
  readonly suggestion: string | undefined;

  constructor(detail: QueryErrorDetail) {
    super(detail.message);
    this.name = 'QueryError';
    this.code = detail.code;
    this.line = detail.position.line;
    this.column = detail.position.column;
    this.length = Math.max(1, detail.length ?? 1);
    this.expected = detail.expected;
    this.suggestion = detail.suggestion;
  }
}

/**
 * The error for a person: `file:line:column: message [code]`, the line of source with a caret under the place,
 * what was expected and what was probably meant.
 */
export function renderQueryError(error: QueryError, source: string, file: string): string {
  const lines = [`${file}:${error.line}:${error.column}: ${error.message} [${error.code}]`];
  const sourceLine = source.split(/\r?\n/)[error.line - 1];
  if (sourceLine !== undefined) {
    const gutter = String(error.line);
    const before = sourceLine.slice(0, error.column - 1).replace(/[^\t]/g, ' ');
    const underlined = Math.max(1, Math.min(error.length, sourceLine.length - error.column + 1));
    lines.push(`  ${gutter} | ${sourceLine}`);
    lines.push(`  ${' '.repeat(gutter.length)} | ${before}${'^'.repeat(underlined)}`);
  }
  if (error.expected !== undefined) lines.push(`  expected: ${error.expected}`);
  if (error.suggestion !== undefined) lines.push(`  did you mean ${error.suggestion}?`);
  return lines.join('\n');
}

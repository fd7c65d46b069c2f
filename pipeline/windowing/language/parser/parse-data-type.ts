import { insteadOfType } from '../binder/foreign-words.js';
import type { DataType } from './syntax.js';
import type { TokenCursor } from './token-cursor.js';

const TYPES: Readonly<Record<string, DataType>> = {
  BIGINT: 'bigint',
  FLOAT: 'float',
  NVARCHAR: 'nvarchar(max)',
  DATETIME: 'datetime',
  BIT: 'bit',
  RECORD: 'record',
  ARRAY: 'array',
};

/** `bigint | float | nvarchar(max) | datetime | bit | record | array` (Data Types: no other length than max). */
export function parseDataType(cursor: TokenCursor): DataType {
  const token = cursor.current;
  const type = TYPES[token.kind === 'bracketed' ? token.text.toUpperCase() : token.keyword];
  const all = Object.values(TYPES).join(', ');
  if (type === undefined) {
    const instead = insteadOfType(token.text);
    if (instead === undefined) cursor.unexpected(`a type: ${all}`, Object.keys(TYPES));
    cursor.fail(`'${token.text}' is not a type of Stream Analytics`, token.position, {
      expected: `one of ${all}`,
      length: token.text.length,
      suggestion: instead,
    });
  }
  cursor.take();
  if (type === 'nvarchar(max)' && cursor.takeSymbol('(')) {
    if (!cursor.isKeyword('MAX')) {
      cursor.fail('nvarchar has no length but max', cursor.current.position, {
        expected: 'nvarchar(max); SUBSTRING(value, 1, n) shortens a string',
        length: cursor.current.text.length,
      });
    }
    cursor.take();
    cursor.expectSymbol(')', 'after nvarchar(max');
  }
  return type;
}

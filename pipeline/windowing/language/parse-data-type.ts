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
  if (type === undefined) cursor.unexpected(`a type: ${Object.values(TYPES).join(', ')}`, Object.keys(TYPES));
  cursor.take();
  if (type === 'nvarchar(max)' && cursor.takeSymbol('(')) {
    cursor.expectKeyword('MAX', 'as the length of nvarchar: no other length is supported');
    cursor.expectSymbol(')', 'after nvarchar(max');
  }
  return type;
}

/**
 * A name as generated code writes it in an object literal: a JSON literal. Only `__proto__`, which would be more than a
 * name, is computed; objects with computed names take several times as long to make.
 */
export function memberName(name: string): string {
  return name === '__proto__' ? "['__proto__']" : JSON.stringify(name);
}

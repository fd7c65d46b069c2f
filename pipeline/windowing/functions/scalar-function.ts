/** What a scalar function tells the binder and the engine about itself. */

import type { Value } from '../engine/values/values.js';
import type { DataType } from '../language/parser/syntax.js';

export interface ScalarFunction {
  readonly name: string;
  /** As documented, for messages and the conformance page. */
  readonly signature: string;
  readonly minArgs: number;
  readonly maxArgs: number;
  /** Undefined: it depends on the arguments. */
  readonly returns: DataType | undefined;
  /** The first argument is the name of a date part; it arrives as its canonical name. */
  readonly datePartFirst?: boolean;
  /** False (the default): a NULL argument makes the result NULL and the function is not called. */
  readonly takesNull?: boolean;
  readonly call: (...args: readonly Value[]) => Value;
}

/** A value that is known not to be NULL: what functions that do not take NULL are called with. */
export type Known = Exclude<Value, null>;

type Call = (...args: readonly Value[]) => Value;

/**
 * Declares a function from its documented signature: `NAME(a, b[, c])` has two to three arguments, a `...` in it
 * any number more.
 */
export function scalar(
  signature: string,
  returns: DataType | undefined,
  call: Call,
  traits: Pick<ScalarFunction, 'datePartFirst' | 'takesNull'> = {},
): ScalarFunction {
  const open = signature.indexOf('(');
  const name = signature.slice(0, open).trim();
  const inside = signature.slice(open + 1, signature.lastIndexOf(')'));
  const optional = inside.indexOf('[');
  const count = (text: string): number => text.split(',').filter((part) => /\w/.test(part)).length;
  const required = optional < 0 ? inside : inside.slice(0, optional);
  const minArgs = count(required);
  const maxArgs = inside.includes('...') ? Number.POSITIVE_INFINITY : count(inside.replace(/[[\]]/g, ''));
  return { name, signature, minArgs, maxArgs, returns, call, ...traits };
}

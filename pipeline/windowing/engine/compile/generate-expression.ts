/**
 * Bound expressions → JavaScript. A query runs once an event, so it is compiled: every column it reads is read
 * once, at the top, and three-valued logic becomes two plain conditions, "is true" and "is false".
 *
 * Nothing of the query's text becomes code: names and strings go in as JSON literals, everything else as
 * constants that are passed in.
 */
import type { Bound } from '../../language/plan.js';
import { DateTime } from '../values/date-time.js';
import { likePattern } from '../values/like.js';
import { Float, type Value } from '../values/values.js';
import { fieldFinder, type Runtime, runtime } from './runtime.js';

/** How generated code names what it is given. */
export interface CodeShape {
  /** Rows are tuples of several sources. */
  readonly tuple: boolean;
  /** Code of an aggregate's result and of a group key; only in code over groups. */
  readonly aggregate?: (index: number) => string;
  readonly key?: (index: number) => string;
  readonly udf: (name: string) => (...args: readonly Value[]) => Value;
}

const ARITHMETIC: Readonly<Record<string, keyof Runtime>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
};

const COMPARISON = {
  '=': ['equal', 'unequal'],
  '<>': ['unequal', 'equal'],
  '<': ['less', 'moreOrEqual'],
  '<=': ['lessOrEqual', 'more'],
  '>': ['more', 'lessOrEqual'],
  '>=': ['moreOrEqual', 'less'],
} as const;

export class ExpressionCode {
  private readonly constants: unknown[] = [];
  private readonly helpers = new Set<keyof Runtime>();
  private readonly hoisted = new Map<string, string>();
  private readonly prologue: string[] = [];

  constructor(private readonly shape: CodeShape) {}

  /** Compiles `body`, which may use the parameters, into a function. */
  build<F>(parameters: readonly string[], body: string): F {
    const helpers = [...this.helpers];
    const source = [
      '"use strict";',
      ...helpers.map((name) => `const ${name} = rt.${name};`),
      ...this.constants.map((_value, i) => `const K${i} = K[${i}];`),
      `return function (${parameters.join(', ')}) {`,
      ...this.prologue,
      body,
      '};',
    ].join('\n');
    return new Function('rt', 'K', source)(runtime, this.constants) as F;
  }

  constant(value: unknown): string {
    return `K${this.constants.push(value) - 1}`;
  }

  helper(name: keyof Runtime): string {
    this.helpers.add(name);
    return name;
  }

  /** Code whose value is that of the expression; null (or undefined) for NULL. */
  value(bound: Bound): string {
    switch (bound.kind) {
      case 'constant':
        return this.literal(bound.value);
      case 'column':
        return this.column(bound);
      case 'record':
        return this.row(bound.source);
      case 'sourceTime':
        return `${this.helper('time')}(${this.shape.tuple ? `row.times[${bound.source}]` : 't'})`;
      case 'timestamp':
        return `${this.helper('time')}(t)`;
      case 'window':
        return '({ Id: windowId })';
      case 'field':
        if (bound.of.kind === 'window' && bound.name.toLowerCase() === 'id') return 'windowId';
        return `${this.helper('fieldOf')}(${this.value(bound.of)}, ${JSON.stringify(bound.name)})`;
      case 'scalar':
        return this.call(
          this.constant(nullAware(bound.fn.call, bound.fn.takesNull === true, bound.args.length)),
          bound.args,
        );
      case 'udf':
        return this.call(this.constant(this.shape.udf(bound.name)), bound.args);
      case 'metadata': {
        const event = this.shape.tuple ? `row.events[${bound.source}]` : 'ev';
        return `${this.helper('metadataProperty')}(${event}, ${this.value(bound.property)})`;
      }
      case 'arithmetic':
        return this.arithmetic(bound);
      case 'negate':
        return `${this.helper('negate')}(${this.value(bound.operand)})`;
      case 'complement':
        return `${this.helper('bitwiseNot')}(${this.value(bound.operand)})`;
      case 'cast':
        return `${this.helper(bound.lenient ? 'tryCast' : 'cast')}(${this.value(bound.operand)}, ${JSON.stringify(bound.to)})`;
      case 'case':
        return `(${bound.branches.map((branch) => `${this.isTrue(branch.when)} ? ${this.value(branch.result)} : `).join('')}${this.value(bound.otherwise)})`;
      case 'elapsed':
        return `((row.times[${bound.to}] - row.times[${bound.from}]) / ${bound.unitMs})`;
      case 'key':
        return this.shape.key?.(bound.index) ?? 'null';
      case 'aggregate':
        return this.shape.aggregate?.(bound.index) ?? 'null';
      case 'analytic':
        return `an[${bound.index}]`;
      default:
        return `(${this.isTrue(bound)} ? true : ${this.isFalse(bound)} ? false : null)`;
    }
  }

  /** A condition that holds when the expression is known to be true. */
  isTrue(bound: Bound): string {
    return this.condition(bound, true);
  }

  /** A condition that holds when the expression is known to be false, which a NULL is not. */
  isFalse(bound: Bound): string {
    return this.condition(bound, false);
  }

  private condition(bound: Bound, wanted: boolean): string {
    switch (bound.kind) {
      case 'and':
      case 'or': {
        const both = (bound.kind === 'and') === wanted ? '&&' : '||';
        return `(${this.condition(bound.left, wanted)} ${both} ${this.condition(bound.right, wanted)})`;
      }
      case 'not':
        return this.condition(bound.operand, !wanted);
      case 'compare':
        return this.comparison(bound, wanted);
      case 'isNull':
        return `(${this.value(bound.operand)} ${wanted ? '==' : '!='} null)`;
      case 'in': {
        const items = bound.items.every((item) => item.kind === 'constant')
          ? this.constant(bound.items.map((item) => (item.kind === 'constant' ? item.value : null)))
          : `[${bound.items.map((item) => this.value(item)).join(', ')}]`;
        return `${this.helper(wanted ? 'isIn' : 'isNotIn')}(${this.value(bound.operand)}, ${items})`;
      }
      case 'like':
        return `${this.helper(wanted ? 'matches' : 'isUnlike')}(${this.value(bound.operand)}, ${this.pattern(bound)})`;
      default:
        return `${this.helper(wanted ? 'truth' : 'falsehood')}(${this.value(bound)})`;
    }
  }

  private comparison(bound: Extract<Bound, { kind: 'compare' }>, wanted: boolean): string {
    const { left, right, operator } = bound;
    if (operator === '=' && wanted && right.kind === 'constant') {
      const { value } = right;
      if (typeof value === 'string')
        return `${this.helper('isText')}(${this.value(left)}, ${JSON.stringify(value)})`;
      if (typeof value === 'number') return `${this.helper('isNumber')}(${this.value(left)}, ${value})`;
    }
    const [whenTrue, whenFalse] = COMPARISON[operator];
    return `${this.helper(wanted ? whenTrue : whenFalse)}(${this.value(left)}, ${this.value(right)})`;
  }

  private pattern(bound: Extract<Bound, { kind: 'like' }>): string {
    const { pattern, escaper } = bound;
    const fixedEscape =
      escaper === undefined ? null : escaper.kind === 'constant' ? escaper.value : undefined;
    if (
      pattern.kind === 'constant' &&
      typeof pattern.value === 'string' &&
      (fixedEscape === null || typeof fixedEscape === 'string')
    ) {
      return this.constant(likePattern(pattern.value, fixedEscape));
    }
    return `${this.helper('likePattern')}(${this.value(pattern)}, ${escaper === undefined ? 'null' : this.value(escaper)})`;
  }

  private arithmetic(bound: Extract<Bound, { kind: 'arithmetic' }>): string {
    const operands = `${this.value(bound.left)}, ${this.value(bound.right)}`;
    const name = ARITHMETIC[bound.operator];
    if (name !== undefined) return `${this.helper(name)}(${operands})`;
    return `${this.helper('bitwise')}(${JSON.stringify(bound.operator)}, ${operands})`;
  }

  private call(name: string, args: readonly Bound[]): string {
    return `${name}(${args.map((argument) => this.value(argument)).join(', ')})`;
  }

  private literal(value: Value): string {
    if (value instanceof DateTime || value instanceof Float || typeof value === 'object') {
      return value === null ? 'null' : this.constant(value);
    }
    if (typeof value === 'bigint') return this.constant(value);
    return typeof value === 'string' ? JSON.stringify(value) : String(value);
  }

  private row(source: number): string {
    return this.shape.tuple ? `row.rows[${source}]` : 'row';
  }

  private column(bound: Extract<Bound, { kind: 'column' }>): string {
    const variable = this.hoist(bound.source, bound.name);
    return bound.path.reduce(
      (code, name) => `${this.helper('fieldOf')}(${code}, ${JSON.stringify(name)})`,
      variable,
    );
  }

  /** Reads a column into a local variable; the finder is asked only when the row has no such field. */
  private hoist(source: number, name: string): string {
    const key = `${source}.${name}`;
    const known = this.hoisted.get(key);
    if (known !== undefined) return known;
    const variable = `c${this.hoisted.size}`;
    this.hoisted.set(key, variable);
    const find = this.constant(fieldFinder(name));
    const event = this.shape.tuple ? `row.events[${source}]` : 'ev';
    const row = this.row(source);
    if (name in Object.prototype) this.prologue.push(`const ${variable} = ${find}(${row}, ${event});`);
    else {
      const field = JSON.stringify(name);
      const read = this.shape.tuple ? `${row} === null ? null : ${row}[${field}]` : `${row}[${field}]`;
      this.prologue.push(`let ${variable} = ${read};`);
      this.prologue.push(`if (${variable} === undefined) ${variable} = ${find}(${row}, ${event});`);
    }
    return variable;
  }
}

type Call = (...args: readonly Value[]) => Value;

const isNull = (value: Value | undefined): boolean => value === null || value === undefined;

/** A NULL argument makes the result NULL without a call. */
function nullAware(call: Call, takesNull: boolean, count: number): Call {
  if (takesNull || count === 0) return call;
  if (count === 1) return (a) => (isNull(a) ? null : call(a ?? null));
  if (count === 2) return (a, b) => (isNull(a) || isNull(b) ? null : call(a ?? null, b ?? null));
  return (...args) => (args.some(isNull) ? null : call(...args));
}

/** The template functions that queries, names and settings of a job are written with. */
import { isObject, type JsonObject, member } from './json-file.js';

/** Parameters by name: the defaults of a template, and the values of a parameters file over them. */
export interface TemplateScope {
  readonly parameters: JsonObject;
  readonly variables: unknown;
}

/** Every string of a value, evaluated; what cannot be computed here stays as it is written. */
export function evaluateTemplate(value: unknown, scope: TemplateScope): unknown {
  if (typeof value === 'string') return evaluateText(value, scope);
  if (Array.isArray(value)) return value.map((item) => evaluateTemplate(item, scope));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, evaluateTemplate(item, scope)]),
  );
}

/** Whether a string still is an expression: one that could not be computed. */
export function isExpression(text: string): boolean {
  return /^\[[^[].*\]$/s.test(text);
}

function evaluateText(text: string, scope: TemplateScope): unknown {
  if (text.startsWith('[[')) return text.slice(1);
  if (!isExpression(text)) return text;
  try {
    return new ArmExpression(text.slice(1, -1), scope).evaluate() ?? text;
  } catch (error) {
    if (error instanceof UnknownExpression) return text;
    throw error;
  }
}

class UnknownExpression extends Error {}

class ArmExpression {
  private at = 0;

  constructor(
    private readonly source: string,
    private readonly scope: TemplateScope,
  ) {}

  evaluate(): unknown {
    const value = this.expression();
    this.blanks();
    if (this.at < this.source.length) throw new UnknownExpression();
    return value;
  }

  private expression(): unknown {
    this.blanks();
    if (this.source[this.at] === "'") return this.literal();
    const number = this.take(/-?\d+/y);
    if (number !== undefined) return Number(number);
    const name = this.take(/[A-Za-z]\w*/y);
    if (name === undefined) throw new UnknownExpression();
    let value: unknown;
    if (this.source[this.at] === '(') {
      this.at++;
      value = call(name.toLowerCase(), this.arguments(), this.scope);
    } else if (/^(true|false)$/i.test(name)) value = name.toLowerCase() === 'true';
    else throw new UnknownExpression();
    return this.path(value);
  }

  /** `.name` and `[index]` after a value. */
  private path(start: unknown): unknown {
    let value = start;
    for (;;) {
      const field = this.take(/\.\w+/y);
      if (field !== undefined) value = member(value, field.slice(1));
      else if (this.source[this.at] === '[') {
        this.at++;
        const index = this.expression();
        this.blanks();
        if (this.source[this.at++] !== ']') throw new UnknownExpression();
        value = Array.isArray(value) ? value[Number(index)] : member(value, String(index));
      } else return value;
      if (value === undefined) throw new UnknownExpression();
    }
  }

  private arguments(): readonly unknown[] {
    const args: unknown[] = [];
    for (;;) {
      this.blanks();
      if (this.source[this.at] === ')') break;
      args.push(this.expression());
      this.blanks();
      if (this.source[this.at] === ',') this.at++;
      else if (this.source[this.at] !== ')') throw new UnknownExpression();
    }
    this.at++;
    return args;
  }

  private literal(): string {
    const text = this.take(/'(?:[^']|'')*'/y);
    if (text === undefined) throw new UnknownExpression();
    return text.slice(1, -1).replaceAll("''", "'");
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private blanks(): void {
    this.take(/\s*/y);
  }
}

function call(fn: string, args: readonly unknown[], scope: TemplateScope): unknown {
  const [first, second, third] = args;
  const text = String(first ?? '');
  switch (fn) {
    case 'concat':
      return Array.isArray(first) ? args.flat() : args.map(String).join('');
    case 'format':
      return text.replace(/\{(\d+)\}/g, (_all, index: string) => String(args[Number(index) + 1] ?? ''));
    case 'tolower':
      return text.toLowerCase();
    case 'toupper':
      return text.toUpperCase();
    case 'trim':
      return text.trim();
    case 'string':
      return typeof first === 'string' ? first : JSON.stringify(first);
    case 'int':
      return Number(first);
    case 'replace':
      return text.replaceAll(String(second), String(third));
    case 'base64tostring':
      return Buffer.from(text, 'base64').toString('utf8');
    case 'if':
      return first === true ? second : third;
    case 'equals':
      return first === second;
    case 'parameters':
      return known(evaluateTemplate(member(scope.parameters, text), scope));
    case 'variables':
      return known(evaluateTemplate(member(scope.variables, text), scope));
    default:
      throw new UnknownExpression();
  }
}

function known(value: unknown): unknown {
  if (value === undefined || value === null || (typeof value === 'string' && isExpression(value)))
    throw new UnknownExpression();
  return value;
}

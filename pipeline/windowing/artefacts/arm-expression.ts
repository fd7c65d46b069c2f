/** The few template functions that names and queries are written with: concat, format, parameters, variables. */
import { isObject, type JsonObject, member } from './json-file.js';

/** The value of a template string; what cannot be computed here stays as it is written. */
export function evaluateText(text: string, template: JsonObject): string {
  if (text.startsWith('[[')) return text.slice(1);
  if (!text.startsWith('[') || !text.endsWith(']')) return text;
  try {
    const parser = new ArmExpression(text.slice(1, -1), template);
    return parser.evaluate() ?? text;
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
    private readonly template: JsonObject,
  ) {}

  evaluate(): string | undefined {
    const value = this.expression();
    return this.at === this.source.length && value !== undefined ? value : undefined;
  }

  private expression(): string | undefined {
    this.blanks();
    if (this.source[this.at] === "'") return this.literal();
    const name = /[A-Za-z]+/y;
    name.lastIndex = this.at;
    const fn = name.exec(this.source)?.[0];
    if (fn === undefined || this.source[this.at + fn.length] !== '(') throw new UnknownExpression();
    this.at += fn.length + 1;
    const args = this.arguments();
    return this.call(fn.toLowerCase(), args);
  }

  private arguments(): readonly (string | undefined)[] {
    const args: (string | undefined)[] = [];
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

  private call(fn: string, args: readonly (string | undefined)[]): string | undefined {
    switch (fn) {
      case 'concat':
        return args.map((argument) => argument ?? '').join('');
      case 'format':
        return (args[0] ?? '').replace(/\{(\d+)\}/g, (_all, index: string) => args[Number(index) + 1] ?? '');
      case 'tolower':
        return args[0]?.toLowerCase();
      case 'parameters':
        return this.resolved(member(member(this.template.parameters, args[0] ?? ''), 'defaultValue'));
      case 'variables':
        return this.resolved(member(this.template.variables, args[0] ?? ''));
      default:
        throw new UnknownExpression();
    }
  }

  private resolved(value: unknown): string | undefined {
    if (typeof value === 'string') return evaluateText(value, this.template);
    return isObject(value) || value === undefined || value === null ? undefined : String(value);
  }

  private literal(): string {
    let text = '';
    for (this.at++; this.at < this.source.length; this.at++) {
      if (this.source[this.at] !== "'") text += this.source[this.at];
      else if (this.source[this.at + 1] === "'") {
        text += "'";
        this.at++;
      } else {
        this.at++;
        return text;
      }
    }
    throw new UnknownExpression();
  }

  private blanks(): void {
    while (/\s/.test(this.source[this.at] ?? '')) this.at++;
  }
}

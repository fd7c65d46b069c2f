/**
 * Routes of the IoT Edge hub ("Learn how to deploy modules and establish routes in IoT Edge", Declare routes):
 * `FROM <source> [WHERE <condition>] INTO <sink>`.
 */
import { type Condition, parseCondition, type Value } from '../../pipeline/deployment/condition/condition.js';
import { holds, propertyAt, unknownFunctions } from '../../pipeline/deployment/condition/evaluate.js';

/** What a route's condition may ask about. */
export interface RoutedMessage {
  readonly module: string;
  readonly output: string;
  readonly messageId: string;
  /** JSON, UTF-8. */
  readonly body: string;
  readonly properties: Readonly<Record<string, string>>;
}

export interface Route {
  readonly name: string;
  /** Null: any module. */
  readonly module: string | null;
  /** Null: any output. */
  readonly output: string | null;
  /** Null: every message. */
  readonly condition: Condition | null;
  readonly sink: RouteSink;
}

export type RouteSink =
  | { readonly kind: 'upstream' }
  | { readonly kind: 'module'; readonly module: string; readonly input: string };

export type RouteReading =
  | { readonly ok: true; readonly route: Route }
  | { readonly ok: false; readonly problem: string };

const ROUTE = /^\s*(?:SELECT\s+\*\s+)?FROM\s+(\S+)(?:\s+WHERE\s+(.+?))?\s+INTO\s+(.+?)\s*$/i;
const SOURCE =
  /^\/(?:\*|messages\/(?:\*|modules\/(?:\*|([^/*]+)\/(?:\*|outputs\/(?:\*|([^/*]+))(?:\/\*)?))))$/i;
const ENDPOINT = /^BrokeredEndpoint\(\s*["']\/modules\/([^/]+)\/inputs\/([^/"']+)["']\s*\)$/i;

export function readRoute(name: string, text: string): RouteReading {
  const parts = ROUTE.exec(text);
  if (parts === null)
    return problem(name, `'${text}' is not of the form FROM <source> [WHERE <condition>] INTO <sink>`);
  const [, from = '', condition, into = ''] = parts;
  const reading = readCondition(condition);
  if (typeof reading === 'string') return problem(name, `the condition '${condition}': ${reading}`);
  const source = SOURCE.exec(from);
  if (source === null)
    return problem(name, `'${from}' is no source, expected e.g. /messages/modules/<module>/outputs/<output>`);
  const sink = readSink(into);
  if (sink === null)
    return problem(
      name,
      `'${into}' is no sink, expected $upstream or BrokeredEndpoint("/modules/<module>/inputs/<input>")`,
    );
  return {
    ok: true,
    route: { name, module: source[1] ?? null, output: source[2] ?? null, condition: reading, sink },
  };
}

/** Whether a message takes this route. */
export function takes(route: Route, message: RoutedMessage): boolean {
  const { condition, module, output } = route;
  return (
    (module === null || module === message.module) &&
    (output === null || output.toLowerCase() === message.output.toLowerCase()) &&
    (condition === null || holds(condition, (segments) => propertyOf(message, segments)))
  );
}

/** The condition; null for none, a text for what is wrong with it. */
function readCondition(text: string | undefined): Condition | null | string {
  if (text === undefined) return null;
  try {
    const condition = parseCondition(text);
    const [unknown] = unknownFunctions(condition);
    return unknown === undefined ? condition : `there is no function '${unknown}'`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** `$body.…`, a system property such as `$connectionModuleId`, or else an application property. */
function propertyOf(message: RoutedMessage, [first = '', ...rest]: readonly string[]): Value | undefined {
  switch (first.toLowerCase()) {
    case '$body':
      return propertyAt(parsed(message.body), rest);
    case '$connectionmoduleid':
      return message.module;
    case '$outputname':
      return message.output;
    case '$messageid':
      return message.messageId;
    case '$contenttype':
      return 'application/json';
    case '$contentencoding':
      return 'utf-8';
    default:
      return message.properties[[first, ...rest].join('.')];
  }
}

/** Null for what is no JSON: it has no properties to ask about. */
function parsed(body: string): Value {
  try {
    return JSON.parse(body) as Value;
  } catch {
    return null;
  }
}

function readSink(text: string): RouteSink | null {
  if (text.toLowerCase() === '$upstream') return { kind: 'upstream' };
  const endpoint = ENDPOINT.exec(text);
  if (endpoint === null) return null;
  const [, module = '', input = ''] = endpoint;
  return { kind: 'module', module, input };
}

function problem(name: string, what: string): RouteReading {
  return { ok: false, problem: `route ${name}: ${what}` };
}

/**
 * Routes of the IoT Edge hub ("Learn how to deploy modules and establish routes in IoT Edge", Declare routes):
 * `FROM <source> [WHERE <condition>] INTO <sink>`, each with a priority and a time to live of its own.
 */
import {
  type Condition,
  readCondition,
  type Value,
} from '../../../pipeline/deployment/condition/condition.js';
import { holds, propertyAt, unknownFunctions } from '../../../pipeline/deployment/condition/evaluate.js';
import { TokenReader } from '../../../pipeline/deployment/condition/tokens.js';

/** What a route's condition may ask about. */
export interface RoutedMessage {
  readonly device: string;
  readonly module: string;
  readonly output: string;
  readonly messageId: string;
  /** JSON, UTF-8. */
  readonly body: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** As the manifest has it. */
export interface RouteDeclaration {
  readonly route: string;
  /** 0 is the highest, 9 the lowest; undefined: after all that have one. */
  readonly priority?: number | undefined;
  /** Undefined: as long as `storeAndForwardConfiguration` says. */
  readonly timeToLiveSecs?: number | undefined;
}

export interface Route {
  readonly name: string;
  readonly source: RouteSource;
  /** Null: every message. */
  readonly condition: Condition | null;
  readonly sink: RouteSink;
  /** The lower, the sooner. */
  readonly priority: number;
  /** Null: that of the whole hub. */
  readonly timeToLiveMs: number | null;
}

export type RouteSource =
  /** Null: any module, any output. */
  | { readonly kind: 'messages'; readonly module: string | null; readonly output: string | null }
  /** Changes of twins, of which this hub tells nobody. */
  | { readonly kind: 'twin-changes' };

export type RouteSink =
  | { readonly kind: 'upstream' }
  | { readonly kind: 'module'; readonly module: string; readonly input: string };

export type RouteReading =
  | { readonly ok: true; readonly route: Route }
  | { readonly ok: false; readonly problem: string };

/** "Defaults to 2,000,000,000": what the runtime gives to routes without a priority. */
const LAST_PRIORITY = 2_000_000_000;
const MS_PER_SECOND = 1_000;

const HEAD = /^\s*(?:SELECT\s+\*\s+)?FROM\s+(\S+)\s+/i;
const SOURCE =
  /^\/(?:\*|messages\/(?:\*|modules\/(?:\*|([^/*]+)\/(?:\*|outputs\/(?:\*|([^/*]+))(?:\/\*)?))))$/i;
const TWIN_CHANGES = /^\/twinChangeNotifications(?:\/|$)/i;
const ENDPOINT = /^\/modules\/([^/]+)\/inputs\/([^/]+)$/i;

export function readRoute(name: string, declaration: RouteDeclaration): RouteReading {
  const text = declaration.route;
  const [head, from = ''] = HEAD.exec(text) ?? [];
  if (head === undefined)
    return problem(name, `'${text}' is not of the form FROM <source> [WHERE <condition>] INTO <sink>`);
  const source = readSource(from);
  if (source === null)
    return problem(name, `'${from}' is no source, expected e.g. /messages/modules/<module>/outputs/<output>`);
  try {
    const { condition, sink } = readRest(text, head.length);
    const [unknown] = condition === null ? [] : unknownFunctions(condition);
    if (unknown !== undefined) return problem(name, `there is no function '${unknown}'`);
    const { priority = LAST_PRIORITY, timeToLiveSecs } = declaration;
    const timeToLiveMs = timeToLiveSecs === undefined ? null : timeToLiveSecs * MS_PER_SECOND;
    return { ok: true, route: { name, source, condition, sink, priority, timeToLiveMs } };
  } catch (error) {
    return problem(name, `'${text}': ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Whether a message takes this route. */
export function takes({ condition, source }: Route, message: RoutedMessage): boolean {
  if (source.kind !== 'messages') return false;
  const { module, output } = source;
  return (
    (module === null || module === message.module) &&
    (output === null || output.toLowerCase() === message.output.toLowerCase()) &&
    (condition === null || holds(condition, (segments) => propertyOf(message, segments)))
  );
}

function readSource(text: string): RouteSource | null {
  if (TWIN_CHANGES.test(text)) return { kind: 'twin-changes' };
  const parts = SOURCE.exec(text);
  return parts === null ? null : { kind: 'messages', module: parts[1] ?? null, output: parts[2] ?? null };
}

/** What follows the source. Throws `ConditionError`, which counts characters from the start of `text`. */
function readRest(
  text: string,
  from: number,
): { readonly condition: Condition | null; readonly sink: RouteSink } {
  const reader = new TokenReader(' '.repeat(from) + text.slice(from));
  const condition = reader.takeIf('where') ? readCondition(reader) : null;
  reader.expect('into');
  const sink = readSink(reader);
  reader.expectEnd();
  return { condition, sink };
}

function readSink(reader: TokenReader): RouteSink {
  if (reader.takeIf('$upstream')) return { kind: 'upstream' };
  const expected = '$upstream or BrokeredEndpoint("/modules/<module>/inputs/<input>")';
  if (!reader.takeIf('BrokeredEndpoint')) return reader.fail(expected);
  reader.expect('(');
  const token = reader.peek();
  const endpoint = token.kind === 'text' ? ENDPOINT.exec(token.text) : null;
  if (endpoint === null) return reader.fail(expected);
  reader.take();
  reader.expect(')');
  const [, module = '', input = ''] = endpoint;
  return { kind: 'module', module, input };
}

/** `$body.…`, a system property such as `$connectionModuleId`, or else an application property. */
function propertyOf(message: RoutedMessage, [first = '', ...rest]: readonly string[]): Value | undefined {
  switch (first.toLowerCase()) {
    case '$body':
      return propertyAt(parsed(message.body), rest);
    case '$connectiondeviceid':
      return message.device;
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

function problem(name: string, what: string): RouteReading {
  return { ok: false, problem: `route ${name}: ${what}` };
}

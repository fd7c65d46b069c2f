/**
 * Routes of the IoT Edge hub ("Learn how to deploy modules and establish routes in IoT Edge", Declare routes):
 * `FROM <source> [WHERE <condition>] INTO <sink>`.
 */
export interface Route {
  readonly name: string;
  /** Null: any module. */
  readonly module: string | null;
  /** Null: any output. */
  readonly output: string | null;
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
  if (condition !== undefined && condition.trim().toLowerCase() !== 'true') {
    return problem(name, `the condition '${condition}' cannot be evaluated; expected none, or true`);
  }
  const source = SOURCE.exec(from);
  if (source === null)
    return problem(name, `'${from}' is no source, expected e.g. /messages/modules/<module>/outputs/<output>`);
  const sink = readSink(into);
  if (sink === null)
    return problem(
      name,
      `'${into}' is no sink, expected $upstream or BrokeredEndpoint("/modules/<module>/inputs/<input>")`,
    );
  return { ok: true, route: { name, module: source[1] ?? null, output: source[2] ?? null, sink } };
}

/** Whether a message of `module` to its `output` takes this route. */
export function takes(route: Route, module: string, output: string): boolean {
  return (
    (route.module === null || route.module === module) &&
    (route.output === null || route.output.toLowerCase() === output.toLowerCase())
  );
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

/** Routes, enrichments and their limits, as a hub's `properties.routing` has them. */
import { type Condition, parseCondition } from '../../../pipeline/deployment/condition/condition.js';
import { unknownFunctions } from '../../../pipeline/deployment/condition/evaluate.js';
import { ConditionError } from '../../../pipeline/deployment/condition/tokens.js';
import type { MessageSource } from './message.js';

/** The name of the built-in endpoint. */
export const BUILT_IN_ENDPOINT = 'events';

export interface Route {
  readonly name: string;
  readonly source: MessageSource;
  /** A query; `true` takes everything. */
  readonly condition: string;
  readonly endpointNames: readonly string[];
  readonly isEnabled: boolean;
}

export interface Enrichment {
  readonly key: string;
  /** A text, `$iothubname`, or a path that begins with `$twin.`. */
  readonly value: string;
  readonly endpointNames: readonly string[];
}

export interface RoutingSettings {
  readonly routes: readonly Route[];
  /** Takes telemetry that no route took. */
  readonly fallback: Pick<Route, 'condition' | 'endpointNames' | 'isEnabled'>;
  readonly enrichments: readonly Enrichment[];
}

/** A new hub's: all telemetry goes to the built-in endpoint. */
export const DEFAULT_ROUTING: RoutingSettings = {
  routes: [],
  fallback: { condition: 'true', endpointNames: [BUILT_IN_ENDPOINT], isEnabled: true },
  enrichments: [],
};

/** Routing that the service would not save. */
export class RoutingError extends Error {
  readonly code = 'FF_HUB_ROUTING_INVALID';
}

/** "Other limits" of a paid hub. */
const MAX_ROUTES = 100;
const MAX_ENRICHMENTS = 10;
/** "Only alphanumeric characters or hyphen, underscore and period"; a route's name has 1 to 64 of them. */
const ROUTE_NAME = /^[A-Za-z0-9._-]{1,64}$/;
const ENRICHMENT_KEY = /^[A-Za-z0-9._-]+$/;

/** Throws `RoutingError`: where, and what was expected. `endpointNames` are the endpoints that there are. */
export function checkRouting(settings: RoutingSettings, endpointNames: ReadonlySet<string>): void {
  const { enrichments, fallback, routes } = settings;
  if (routes.length > MAX_ROUTES) throw new RoutingError(`a hub may have ${MAX_ROUTES} routes at most`);
  if (enrichments.length > MAX_ENRICHMENTS) {
    throw new RoutingError(`a hub may have ${MAX_ENRICHMENTS} enrichments at most`);
  }
  const names = new Set<string>();
  for (const { name, endpointNames: targets } of routes) {
    if (!ROUTE_NAME.test(name)) {
      throw new RoutingError(`route '${name}': a name has 1 to 64 letters, digits, '.', '_' and '-'`);
    }
    if (names.has(name.toLowerCase())) throw new RoutingError(`two routes are named '${name}'`);
    names.add(name.toLowerCase());
    checkEndpoints(`route '${name}'`, targets, endpointNames);
  }
  checkEndpoints('the fallback route', fallback.endpointNames, endpointNames);
  for (const { key, endpointNames: targets } of enrichments) {
    if (!ENRICHMENT_KEY.test(key)) {
      throw new RoutingError(`enrichment '${key}': a key has letters, digits, '.', '_' and '-'`);
    }
    checkEndpoints(`enrichment '${key}'`, targets, endpointNames);
  }
}

function checkEndpoints(what: string, targets: readonly string[], known: ReadonlySet<string>): void {
  if (targets.length === 0) throw new RoutingError(`${what} names no endpoint`);
  for (const target of targets) {
    if (!known.has(target)) {
      throw new RoutingError(`${what}: there is no endpoint '${target}'; there are ${[...known].join(', ')}`);
    }
  }
}

/** Null for `true`. Throws `RoutingError` for a query that cannot be read, as "the query syntax must be correct". */
export function compileCondition(route: string, text: string): Condition | null {
  if (/^\s*true\s*$/i.test(text)) return null;
  try {
    const condition = parseCondition(text);
    const [unknown] = unknownFunctions(condition);
    if (unknown !== undefined) throw new ConditionError(`there is no function '${unknown}'`);
    return condition;
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    throw new RoutingError(`${route}: its condition cannot be read: ${error.message}`);
  }
}

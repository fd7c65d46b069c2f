import type { ServiceRight } from '../identities/access-policies.js';
import type { Operation } from '../limits/throttles.js';
import type { ServiceReply, ServiceRequest } from './request.js';

/** Where an operation of a REST API is. */
export interface Place {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** With places in braces: `/devices/{deviceId}`. */
  readonly path: string;
}

/** One operation of the hub's REST API. */
export interface Route extends Place {
  /** What a policy must grant; `'device'`: the device's own token is enough. */
  readonly right: ServiceRight | 'device';
  /** Which throttle it counts for; none: only for those of its transport. */
  readonly operation?: Operation;
  readonly handle: (request: ServiceRequest) => ServiceReply | Promise<ServiceReply>;
}

/** `routes` as they count for a throttle. */
export function metered(operation: Operation, routes: readonly Route[]): readonly Route[] {
  return routes.map((route) => ({ operation, ...route }));
}

export interface RouteMatch<R extends Place> {
  readonly route: R;
  readonly path: Readonly<Record<string, string>>;
}

interface CompiledRoute<R extends Place> {
  readonly route: R;
  readonly pattern: RegExp;
}

/** Finds the route for a request; a more literal path stands before one with places. */
export class Router<R extends Place> {
  private readonly routes: readonly CompiledRoute<R>[];

  constructor(routes: readonly R[]) {
    const places = ({ path }: Place) => path.split('{').length;
    this.routes = [...routes]
      .sort((one, other) => places(one) - places(other))
      .map((route) => ({
        route,
        pattern: new RegExp(`^${route.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}/?$`, 'i'),
      }));
  }

  /** `pathname` as it came, still encoded; null when nothing is there. */
  find(method: string, pathname: string): RouteMatch<R> | null {
    for (const { route, pattern } of this.routes) {
      const match = route.method === method ? pattern.exec(pathname) : null;
      if (match === null) continue;
      const places = Object.entries(match.groups ?? {}).map(([name, part]) => [
        name,
        decodeURIComponent(part),
      ]);
      return { route, path: Object.fromEntries(places) };
    }
    return null;
  }
}

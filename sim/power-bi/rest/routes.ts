/** Every route of the front and who may take it. What is not listed here reaches nothing, whoever asks. */
import type { Role } from '../core/access.js';
import { PAGE_PATHS } from './page.js';

export interface Route {
  readonly method: string;
  /** `{name}` stands for one part of the path. */
  readonly path: string;
  /** Null: everybody, for the page itself holds no figures. */
  readonly roles: readonly Role[] | null;
}

const READERS: readonly Role[] = ['viewer', 'analyst', 'operator'];
const PUBLISHERS: readonly Role[] = ['publisher'];
const API = '/v1.0/myorg';

function routes(roles: readonly Role[] | null, path: string, ...methods: readonly string[]): Route[] {
  return methods.map((method) => ({ method, path, roles }));
}

const datasets = (above: string): readonly Route[] => [
  ...routes(PUBLISHERS, `${above}/datasets`, 'GET', 'POST'),
  ...routes(PUBLISHERS, `${above}/datasets/{datasetId}`, 'GET', 'DELETE'),
  ...routes(PUBLISHERS, `${above}/datasets/{datasetId}/tables`, 'GET'),
  ...routes(PUBLISHERS, `${above}/datasets/{datasetId}/tables/{table}`, 'PUT'),
  ...routes(PUBLISHERS, `${above}/datasets/{datasetId}/tables/{table}/rows`, 'POST', 'DELETE'),
];

export const ROUTES: readonly Route[] = [
  ...routes(READERS, '/dashboard/feed', 'GET'),
  ...routes(READERS, '/dashboard/plans', 'GET'),
  ...routes(['operator'], '/dashboard/status', 'GET'),
  ...PAGE_PATHS.flatMap((path) => routes(null, path, 'GET')),
  ...datasets(API),
  ...datasets(`${API}/groups/{groupId}`),
  ...routes(PUBLISHERS, `${API}/groups`, 'GET', 'POST'),
  ...routes(PUBLISHERS, `${API}/groups/{groupId}`, 'GET', 'PATCH', 'DELETE'),
  ...routes(PUBLISHERS, `${API}/groups/{groupId}/users`, 'GET', 'POST', 'PUT'),
  ...routes(PUBLISHERS, `${API}/groups/{groupId}/users/{user}`, 'DELETE'),
];

const PATTERNS = new Map(ROUTES.map((route) => [route, patternOf(route.path)]));

/** `other`: the path is there, but not for that method. */
export function routeOf(method: string, path: string): Route | 'other' | null {
  const there = ROUTES.filter((route) => PATTERNS.get(route)?.test(path));
  return there.find((route) => route.method === method) ?? (there.length > 0 ? 'other' : null);
}

function patternOf(path: string): RegExp {
  const literal = path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+');
  return new RegExp(path.startsWith(API) ? `^${literal}/?$` : `^${literal}$`);
}

/** Every operation of the service, and which of them answers a request. */
import type { ReceivedRequest } from '../request.js';
import { detectRoutes } from './detect.js';
import { faceListRoutes } from './face-lists.js';
import { findSimilarRoutes } from './find-similar.js';
import { groupRoutes } from './group.js';
import { identifyRoutes } from './identify.js';
import { personGroupRoutes } from './person-groups.js';
import { personRoutes } from './persons.js';
import type { Call, Route } from './route.js';
import { verifyRoutes } from './verify.js';

export const ROUTES: readonly Route[] = [
  ...detectRoutes,
  ...findSimilarRoutes,
  ...groupRoutes,
  ...identifyRoutes,
  ...verifyRoutes,
  ...faceListRoutes,
  ...personGroupRoutes,
  ...personRoutes,
];

export interface FoundRoute {
  readonly route: Route;
  readonly ids: Call['ids'];
}

const byShape = new Map(ROUTES.map((each) => [shapeOf(each.method, each.path), each]));

/** Undefined for what is no operation of the service. */
export function findRoute({
  method,
  path,
}: Pick<ReceivedRequest, 'method' | 'path'>): FoundRoute | undefined {
  const found = byShape.get(shapeOf(method, path));
  if (found === undefined) return undefined;
  const [, first = '', , second = '', , third = ''] = path.slice(1).split('/');
  return { route: found, ids: [first, second, third] };
}

/** Names of resources stand at even places and come in any case; ids stand between them. */
function shapeOf(method: string, path: string): string {
  const parts = path.slice(1).split('/');
  return [method, ...parts.map((part, index) => (index % 2 === 0 ? part.toLowerCase() : '{}'))].join('/');
}

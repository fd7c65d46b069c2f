export { duplexPair } from './duplex-pair.js';
export { HostUnknownError, httpRoute, type Route, type Routes, routeHosts } from './host-routes.js';
export { connectOrFail, httpAgentOver, worldHttpServer } from './http-over-link.js';
export {
  carriedBy,
  type Direction,
  exchange,
  type Link,
  LinkDownError,
  type LinkFigures,
  type LinkProfile,
  linkOf,
  openLink,
} from './link.js';
export { type MessageSocket, webSocketOver } from './websocket-over-link.js';

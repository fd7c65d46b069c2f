/** Takes what a hub has to tell to the endpoints whose routes want it ("Use IoT Hub message routing"). */
import type { Condition } from '../../../pipeline/deployment/condition/condition.js';
import { holds, type Resolve } from '../../../pipeline/deployment/condition/evaluate.js';
import type { IotHub } from '../core.js';
import { nameOf } from '../identities/identity.js';
import { MAX_TELEMETRY_BYTES } from '../limits/limits.js';
import { sizeOf } from '../messages/telemetry.js';
import type { RoutableMessage } from './message.js';
import { resolverOf } from './resolve.js';
import {
  BUILT_IN_ENDPOINT,
  checkRouting,
  compileCondition,
  DEFAULT_ROUTING,
  type Enrichment,
  type Route,
  type RoutingSettings,
} from './settings.js';

/** Where messages go: an event hub, a container of blobs. */
export type EndpointSink = (message: RoutableMessage) => void;

interface CompiledRoute {
  readonly route: Route;
  readonly condition: Condition | null;
}

export class MessageRouter {
  private readonly hub: IotHub;
  private readonly sinks = new Map<string, EndpointSink>();
  private routes: readonly CompiledRoute[] = [];
  private fallback: RoutingSettings['fallback'] = DEFAULT_ROUTING.fallback;
  private fallbackCondition: Condition | null = null;
  private enrichments: readonly Enrichment[] = [];
  private counted = { delivered: 0, orphaned: 0, tooLarge: 0 };

  constructor(hub: IotHub) {
    this.hub = hub;
  }

  /** Messages delivered to endpoints, telemetry that no route took, and those that enrichments made too large. */
  get figures(): { readonly delivered: number; readonly orphaned: number; readonly tooLarge: number } {
    return this.counted;
  }

  /** Whether there is anywhere to go: without an endpoint nothing is worth its evaluation. */
  get hasEndpoints(): boolean {
    return this.sinks.size > 0;
  }

  /** `name` is `events` for the built-in endpoint. */
  addEndpoint(name: string, sink: EndpointSink): void {
    this.sinks.set(name, sink);
  }

  /** Throws `RoutingError` and changes nothing. */
  configure(settings: RoutingSettings): void {
    checkRouting(settings, new Set([BUILT_IN_ENDPOINT, ...this.sinks.keys()]));
    const routes = settings.routes.map((route) => ({
      route,
      condition: compileCondition(`route '${route.name}'`, route.condition),
    }));
    this.fallbackCondition = compileCondition('the fallback route', settings.fallback.condition);
    this.routes = routes;
    this.fallback = settings.fallback;
    this.enrichments = settings.enrichments;
  }

  /** Each endpoint gets a message once, however many of its routes match. */
  route(message: RoutableMessage): void {
    if (!this.hasEndpoints) return;
    const resolve = resolverOf(message, () => this.hub.twins.get(nameOf(message.identity)));
    const names = this.endpointsFor(message, resolve);
    if (names.size === 0 && message.source === 'DeviceMessages') this.counted.orphaned++;
    for (const name of names) this.deliver(name, message, resolve);
  }

  private endpointsFor({ source }: RoutableMessage, resolve: Resolve): ReadonlySet<string> {
    const names = new Set<string>();
    for (const { condition, route } of this.routes) {
      if (!route.isEnabled || route.source !== source) continue;
      if (condition === null || holds(condition, resolve)) {
        for (const name of route.endpointNames) names.add(name);
      }
    }
    const falls = names.size === 0 && source === 'DeviceMessages' && this.fallback.isEnabled;
    if (!falls || (this.fallbackCondition !== null && !holds(this.fallbackCondition, resolve))) return names;
    return new Set(this.fallback.endpointNames);
  }

  private deliver(name: string, message: RoutableMessage, resolve: Resolve): void {
    const sink = this.sinks.get(name);
    if (sink === undefined) return;
    const enriched = this.enriched(name, message, resolve);
    // "If a message size exceeds 256 KB, the IoT Hub will drop the message."
    if (sizeOf(enriched) > MAX_TELEMETRY_BYTES) this.counted.tooLarge++;
    else {
      this.counted.delivered++;
      sink(enriched);
    }
  }

  private enriched(name: string, message: RoutableMessage, resolve: Resolve): RoutableMessage {
    const own = this.enrichments.filter(({ endpointNames }) => endpointNames.includes(name));
    if (own.length === 0) return message;
    const stamps = own.map(({ key, value }) => [key, this.stampOf(value, resolve)]);
    return { ...message, properties: { ...message.properties, ...Object.fromEntries(stamps) } };
  }

  private stampOf(value: string, resolve: Resolve): string {
    if (value.toLowerCase() === '$iothubname') return this.hub.name;
    if (!/^\$twin\./i.test(value)) return value;
    const found = resolve(value.split('.'));
    // "If the device twin path does not exist, the message is stamped with the string."
    if (found === undefined) return value;
    return typeof found === 'string' ? found : JSON.stringify(found);
  }
}

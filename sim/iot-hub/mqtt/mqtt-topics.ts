/**
 * The MQTT topics of IoT Hub ("Communicate with an IoT hub using the MQTT protocol"): what a device publishes,
 * what it may subscribe to, and what the hub publishes to it.
 */
import type { Identity } from '../identities/identity.js';

export type DevicePublish =
  | { readonly kind: 'telemetry'; readonly bag: PropertyBag }
  | { readonly kind: 'twin-get'; readonly requestId: string }
  | { readonly kind: 'twin-report'; readonly requestId: string }
  | { readonly kind: 'method-answer'; readonly requestId: string; readonly status: number };

export type DeviceSubscription =
  | 'twin-responses'
  | 'desired'
  | 'methods'
  | 'cloud-to-device'
  | 'module-inputs';

export interface PropertyBag {
  readonly properties: Readonly<Record<string, string>>;
  /** Names without their `$.`. */
  readonly system: Readonly<Record<string, string>>;
}

export const SUBSCRIBE_TWIN_RESPONSES = '$iothub/twin/res/#';
export const SUBSCRIBE_DESIRED = '$iothub/twin/PATCH/properties/desired/#';
export const SUBSCRIBE_METHODS = '$iothub/methods/POST/#';

/** `devices/{d}` or `devices/{d}/modules/{m}`: the root of an identity's own topics. */
export function topicRoot({ deviceId, moduleId }: Identity): string {
  return moduleId === null ? `devices/${deviceId}` : `devices/${deviceId}/modules/${moduleId}`;
}

/** Null for a topic that `identity` may not publish to. */
export function parsePublish(topic: string, identity: Identity): DevicePublish | null {
  const events = `${topicRoot(identity)}/messages/events`;
  if (topic === events) return { kind: 'telemetry', bag: { properties: {}, system: {} } };
  if (topic.startsWith(`${events}/`)) {
    const bag = parsePropertyBag(topic.slice(events.length + 1));
    return bag === null ? null : { kind: 'telemetry', bag };
  }
  const request =
    /^\$iothub\/(twin\/GET|twin\/PATCH\/properties\/reported|methods\/res\/(\d{1,9}))\/\?(.*)$/.exec(topic);
  if (request === null) return null;
  const [, path, status, query = ''] = request;
  const requestId = parsePropertyBag(query)?.properties.$rid;
  if (requestId === undefined) return null;
  if (path === 'twin/GET') return { kind: 'twin-get', requestId };
  if (status === undefined) return { kind: 'twin-report', requestId };
  return { kind: 'method-answer', requestId, status: Number(status) };
}

/** Null for a filter that `identity` may not subscribe to. */
export function parseSubscription(filter: string, identity: Identity): DeviceSubscription | null {
  const root = topicRoot(identity);
  switch (filter) {
    case SUBSCRIBE_TWIN_RESPONSES:
      return 'twin-responses';
    case SUBSCRIBE_DESIRED:
      return 'desired';
    case SUBSCRIBE_METHODS:
      return 'methods';
    case `${root}/messages/devicebound/#`:
      return 'cloud-to-device';
    case `${root}/#`:
    case `${root}/inputs/#`:
      return identity.moduleId === null ? null : 'module-inputs';
    default:
      return null;
  }
}

/** URL-encoded `name=value` pairs; null when one is not decodable. A trailing slash, which SDKs send, is ignored. */
export function parsePropertyBag(text: string): PropertyBag | null {
  const properties: [string, string][] = [];
  const system: [string, string][] = [];
  for (const pair of text.replace(/\/$/, '').split('&')) {
    if (pair === '') continue;
    const split = pair.indexOf('=');
    try {
      const name = decodeURIComponent(split < 0 ? pair : pair.slice(0, split));
      const value = split < 0 ? '' : decodeURIComponent(pair.slice(split + 1));
      if (name.startsWith('$.')) system.push([name.slice(2), value]);
      else properties.push([name, value]);
    } catch {
      return null;
    }
  }
  return { properties: Object.fromEntries(properties), system: Object.fromEntries(system) };
}

export function formatPropertyBag({ properties, system }: PropertyBag): string {
  // Not URLSearchParams: it would turn a space into a plus sign, which devices do not turn back.
  const pair = ([name, value]: [string, string]) =>
    `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  const systemPairs = Object.entries(system).map(([name, value]) => pair([`$.${name}`, value]));
  return [...systemPairs, ...Object.entries(properties).map(pair)].join('&');
}

/** `version` is given with a status of 204, when reported properties changed. */
export function twinResponseTopic(status: number, requestId: string, version?: number): string {
  const suffix = version === undefined ? '' : `&$version=${version}`;
  return `$iothub/twin/res/${status}/?$rid=${requestId}${suffix}`;
}

export function desiredTopic(version: number): string {
  return `$iothub/twin/PATCH/properties/desired/?$version=${version}`;
}

/** `devices/{d}/messages/devicebound/{property bag}`; `$.to` names the device's own address. */
export function deviceBoundTopic(identity: Identity, bag: PropertyBag): string {
  const root = `${topicRoot(identity)}/messages/devicebound`;
  return `${root}/${formatPropertyBag({ ...bag, system: { ...bag.system, to: `/${root}` } })}`;
}

export function methodTopic(name: string, requestId: string): string {
  return `$iothub/methods/POST/${name}/?$rid=${requestId}`;
}

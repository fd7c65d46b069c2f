/** Addresses of the links that devices and modules attach to ("AMQP in IoT Hub", Device client). */
import { nameOf, parseName } from '../identities/identity.js';

/** What a link carries, from the device (`up`) or to it (`down`). */
export type DeviceLinkKind = 'events' | 'messages' | 'methods' | 'twin' | 'inputs';

export interface DevicePath {
  /** The identity, as `device` or `device/module`. */
  readonly name: string;
  readonly kind: DeviceLinkKind;
}

const PATH = /^\/devices\/([^/]+)(?:\/modules\/([^/]+))?\/(.+)$/i;
const KINDS: Readonly<Record<string, DeviceLinkKind>> = {
  'messages/events': 'events',
  'messages/devicebound': 'messages',
  'methods/devicebound': 'methods',
  twin: 'twin',
  inputs: 'inputs',
};

/** Null for a path of nobody's, or that leads to nothing. */
export function parseDevicePath(path: string): DevicePath | null {
  const [, device, module, rest = ''] = PATH.exec(path) ?? [];
  const kind = KINDS[rest.toLowerCase()];
  if (device === undefined || kind === undefined) return null;
  try {
    const moduleId = module === undefined ? null : decodeURIComponent(module);
    const name = nameOf({ deviceId: decodeURIComponent(device), moduleId });
    return parseName(name) === null ? null : { name, kind };
  } catch {
    return null;
  }
}

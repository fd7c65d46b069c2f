/** Which devices and modules an AMQP connection may speak for: by the tokens it put, a password, or a certificate. */

import type { Authentication, IotHub } from '../core.js';
import type { ClientCertificate } from '../identities/client-certificate.js';
import { nameOf, parseName } from '../identities/identity.js';

/** `{host}/devices/{device}[/modules/{module}]`, as tokens name whom they are for. */
const AUDIENCE = /^[^/]+\/devices\/([^/]+)(?:\/modules\/([^/]+))?\/?$/i;
/** `{device}@sas.{hub}`, of a device that authenticates by SASL PLAIN. */
const DEVICE_USER = /^([^@]+)@sas\.(?!root\.)[^@]+$/;

export type Proven = Extract<Authentication, { readonly ok: true }>;

export class DeviceRights {
  private readonly hub: IotHub;
  private readonly certificate: ClientCertificate | null;
  private readonly proven = new Map<string, Proven>();

  constructor(hub: IotHub, certificate: ClientCertificate | null) {
    this.hub = hub;
    this.certificate = certificate;
  }

  /** The identity that `audience` names; null when it names none, as a back end's does. */
  static nameIn(audience: string): string | null {
    const [, deviceId, moduleId] = AUDIENCE.exec(decodedOnce(audience)) ?? [];
    if (deviceId === undefined) return null;
    const name = nameOf({ deviceId, moduleId: moduleId ?? null });
    return parseName(name) === null ? null : name;
  }

  /** Null when the token is good for `name`, which then may be used until it expires. */
  claim(name: string, token: string): string | null {
    const outcome = this.hub.authenticate(name, token);
    if (!outcome.ok) return outcome.problem;
    this.proven.set(name, outcome);
    return null;
  }

  claimByPassword(user: string, password: string): boolean {
    const name = DEVICE_USER.exec(user)?.[1];
    return name !== undefined && this.claim(name, password) === null;
  }

  /** How `name` proved itself; null when it did not, or its token has expired. */
  of(name: string): Proven | null {
    const claimed = this.proven.get(name);
    if (claimed !== undefined && (claimed.expiresAtMs ?? 0) > this.hub.services.clock.now()) return claimed;
    if (this.certificate === null) return null;
    const outcome = this.hub.authenticateCertificate(name, this.certificate);
    return outcome.ok ? outcome : null;
  }
}

function decodedOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * A real IoT Hub in the place of the stand-in, over its REST API ("IoT Hub Service REST APIs", 2021-04-12), with the
 * rights of the shared access policy in its connection string.
 */
import { generateKeySync } from 'node:crypto';
import { signSasToken } from '../../../iot-hub/identities/sas-token.js';
import type { Clock } from '../../../kernel/services.js';
import type { CameraConfiguration } from '../../world/cameras.js';

export interface HubPolicy {
  /** `contoso.azure-devices.net`, with a port where it is not the usual one. */
  readonly hostName: string;
  readonly policyName: string;
  /** Base64. */
  readonly key: string;
}

export class RealHubError extends Error {
  readonly code = 'FF_UP_AT_HUB';
}

interface Identity {
  readonly authentication?: { readonly symmetricKey?: { readonly primaryKey?: string | null } };
}

const API_VERSION = '2021-04-12';
const TOKEN_SECONDS = 3_600;
const MS_PER_SECOND = 1_000;
const KEY_BITS = 256;
const PATIENCE_MS = 30_000;

export class RealHub {
  private readonly policy: HubPolicy;
  private readonly clock: Clock;

  constructor(policy: HubPolicy, clock: Clock) {
    this.policy = policy;
    this.clock = clock;
  }

  /**
   * As an operator would: registers the camera's edge device where the hub does not know it, deploys the manifest to it
   * and sets desired properties of its modules. Rejects with `RealHubError`.
   */
  async configure({ deviceId, manifest, modules, settings }: CameraConfiguration): Promise<void> {
    const path = `/devices/${encodeURIComponent(deviceId)}`;
    if ((await this.find(path)) === null) {
      const keys = { primaryKey: newKey(), secondaryKey: newKey() };
      const authentication = { type: 'sas', symmetricKey: keys };
      await this.ask('PUT', path, { deviceId, authentication, capabilities: { iotEdge: true } });
    }
    await this.ask('POST', `${path}/applyConfigurationContent`, manifest);
    for (const module of modules) {
      const twin = `/twins/${encodeURIComponent(deviceId)}/modules/${encodeURIComponent(module)}`;
      await this.ask('PATCH', twin, { properties: { desired: settings } });
    }
  }

  /** What a module of a device connects with; it is registered, and given keys, where it has none. */
  async moduleConnectionString(deviceId: string, moduleId: string): Promise<string> {
    const path = `/devices/${encodeURIComponent(deviceId)}/modules/${encodeURIComponent(moduleId)}`;
    const known = await this.find(path);
    const key = known?.authentication?.symmetricKey?.primaryKey;
    const given = key ? key : await this.giveKeys(path, { deviceId, moduleId }, known !== null);
    return `HostName=${this.policy.hostName};DeviceId=${deviceId};ModuleId=${moduleId};SharedAccessKey=${given}`;
  }

  private async giveKeys(path: string, identity: object, isKnown: boolean): Promise<string> {
    const primaryKey = newKey();
    const authentication = { type: 'sas', symmetricKey: { primaryKey, secondaryKey: newKey() } };
    const body = { ...identity, managedBy: 'IotEdge', authentication };
    await this.ask('PUT', path, body, isKnown ? { 'If-Match': '*' } : {});
    return primaryKey;
  }

  /** Null when the hub knows nothing by that path. */
  private async find(path: string): Promise<Identity | null> {
    const { body, status } = await this.send('GET', path);
    if (status === 404) return null;
    if (status !== 200) throw this.refused('GET', path, status, body);
    return JSON.parse(body) as Identity;
  }

  private async ask(
    method: string,
    path: string,
    json: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const { body, status } = await this.send(method, path, json, headers);
    if (status >= 300) throw this.refused(method, path, status, body);
  }

  private async send(
    method: string,
    path: string,
    json?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly body: string }> {
    const { hostName, key, policyName } = this.policy;
    const expiry = Math.floor(this.clock.now() / MS_PER_SECOND) + TOKEN_SECONDS;
    const token = signSasToken(withoutPort(hostName), key, expiry, policyName);
    try {
      const response = await fetch(`https://${hostName}${path}?api-version=${API_VERSION}`, {
        method,
        headers: { authorization: token, 'content-type': 'application/json', ...headers },
        signal: AbortSignal.timeout(PATIENCE_MS),
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      });
      return { status: response.status, body: await response.text() };
    } catch (error) {
      const { cause, message } = error as Error;
      const why = cause instanceof Error ? cause.message : message;
      throw new RealHubError(`the IoT Hub ${hostName} cannot be reached: ${why}`, { cause: error });
    }
  }

  private refused(method: string, path: string, status: number, body: string): RealHubError {
    const what = body.slice(0, 200);
    return new RealHubError(
      `the IoT Hub ${this.policy.hostName} answered ${status} to ${method} ${path}: ${what}`,
    );
  }
}

function withoutPort(hostName: string): string {
  return hostName.replace(/:\d+$/, '');
}

function newKey(): string {
  return generateKeySync('hmac', { length: KEY_BITS }).export().toString('base64');
}

/** Who may use the service side: shared access policies ("Control access to IoT Hub", Access control and permissions). */
import type { RandomSource } from '../../kernel/services.js';
import { withoutPort } from './identity.js';
import { checkSasToken, parseSasToken } from './sas-token.js';

export type ServiceRight = 'RegistryRead' | 'RegistryWrite' | 'ServiceConnect' | 'DeviceConnect';

export interface AccessPolicy {
  readonly name: string;
  /** Base64. */
  readonly key: string;
  readonly rights: readonly ServiceRight[];
}

/** The policies that a hub has from the start. */
const BUILT_IN: Readonly<Record<string, readonly ServiceRight[]>> = {
  iothubowner: ['RegistryRead', 'RegistryWrite', 'ServiceConnect', 'DeviceConnect'],
  service: ['ServiceConnect'],
  device: ['DeviceConnect'],
  registryRead: ['RegistryRead'],
  registryReadWrite: ['RegistryRead', 'RegistryWrite'],
};
const KEY_BYTES = 32;

export type AccessProblem = 'no-token' | 'no-such-policy' | 'bad-token' | 'missing-right';

export class AccessPolicies {
  private readonly policies: ReadonlyMap<string, AccessPolicy>;
  private readonly hostName: string;

  constructor(hostName: string, rng: RandomSource) {
    this.hostName = hostName;
    this.policies = new Map(
      Object.entries(BUILT_IN).map(([name, rights]) => {
        const key = Buffer.from(rng(`iot-hub/policy/${name}`).bytes(KEY_BYTES)).toString('base64');
        return [name, { name, key, rights }];
      }),
    );
  }

  /** `HostName=…;SharedAccessKeyName=…;SharedAccessKey=…`, as the service SDKs take it. */
  connectionString(policyName = 'iothubowner'): string {
    const policy = this.policies.get(policyName);
    if (policy === undefined) throw new RangeError(`there is no policy '${policyName}'`);
    // The service SDKs know no port but 443: a port of the devices' is of no use to them.
    return `HostName=${withoutPort(this.hostName)};SharedAccessKeyName=${policy.name};SharedAccessKey=${policy.key}`;
  }

  find(name: string): AccessPolicy | undefined {
    return this.policies.get(name);
  }

  /** Null when the `Authorization` header grants `right` at `nowMs`. */
  check(authorization: string | undefined, right: ServiceRight, nowMs: number): AccessProblem | null {
    const token = parseSasToken(authorization ?? '');
    if (token === null) return 'no-token';
    const policy = token.policyName === null ? undefined : this.policies.get(token.policyName);
    if (policy === undefined) return 'no-such-policy';
    if (checkSasToken(token, this.hostName, [policy.key], nowMs) !== null) return 'bad-token';
    return policy.rights.includes(right) ? null : 'missing-right';
  }
}

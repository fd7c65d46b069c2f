import type { RandomSource } from '../kernel/services.js';
import { type Identity, isValidId, nameOf, parseName } from './identity.js';

/** Two keys, either of which opens the door, so that one can be replaced while devices use the other. */
export interface IdentityKeys {
  readonly primary: string;
  readonly secondary: string;
}

export interface IdentityRecord {
  readonly identity: Identity;
  readonly keys: IdentityKeys;
  readonly status: 'enabled' | 'disabled';
}

export class RegistryError extends Error {
  readonly code: 'FF_HUB_IDENTITY_EXISTS' | 'FF_HUB_IDENTITY_UNKNOWN' | 'FF_HUB_IDENTITY_INVALID';

  constructor(code: RegistryError['code'], message: string) {
    super(message);
    this.name = 'RegistryError';
    this.code = code;
  }
}

const KEY_BYTES = 32;

/** The identities a hub knows. Generated keys depend on the seed and the identity's name alone. */
export class Registry {
  private readonly records = new Map<string, IdentityRecord>();
  private readonly rng: RandomSource;

  constructor(rng: RandomSource) {
    this.rng = rng;
  }

  /** Keys are generated unless given. Throws `RegistryError`. */
  create(identity: Identity, keys?: IdentityKeys): IdentityRecord {
    const name = nameOf(identity);
    if (!isValidId(identity.deviceId) || (identity.moduleId !== null && !isValidId(identity.moduleId))) {
      throw new RegistryError(
        'FF_HUB_IDENTITY_INVALID',
        `'${name}' is no valid identity: ids are 1 to 128 of the characters A-Z a-z 0-9 - : . + % _ # * ? ! ( ) , = @ $ '`,
      );
    }
    if (this.records.has(name))
      throw new RegistryError('FF_HUB_IDENTITY_EXISTS', `'${name}' is registered already`);
    if (identity.moduleId !== null) this.get(identity.deviceId);
    const record: IdentityRecord = { identity, keys: keys ?? this.generateKeys(name), status: 'enabled' };
    this.records.set(name, record);
    return record;
  }

  /** The record of `device` or `device/module`; throws when there is none. */
  get(name: string): IdentityRecord {
    const record = this.records.get(name);
    if (record !== undefined) return record;
    throw new RegistryError('FF_HUB_IDENTITY_UNKNOWN', `no identity '${name}' is registered with this hub`);
  }

  find(name: string): IdentityRecord | undefined {
    return this.records.get(name);
  }

  /** Creates what is not there yet. */
  ensure(name: string): IdentityRecord {
    const known = this.records.get(name);
    if (known !== undefined) return known;
    const identity = parseName(name);
    if (identity === null) throw new RegistryError('FF_HUB_IDENTITY_INVALID', `'${name}' names no identity`);
    return this.create(identity);
  }

  update(name: string, change: Partial<Pick<IdentityRecord, 'keys' | 'status'>>): IdentityRecord {
    const record = { ...this.get(name), ...change };
    this.records.set(name, record);
    return record;
  }

  /** Removes a device with its modules, or a module. Returns the names removed. */
  remove(name: string): readonly string[] {
    this.get(name);
    const removed = [...this.records.keys()].filter(
      (other) => other === name || other.startsWith(`${name}/`),
    );
    for (const gone of removed) this.records.delete(gone);
    return removed;
  }

  /** Names of the modules of a device, sorted. */
  modulesOf(deviceId: string): readonly string[] {
    return [...this.records.values()]
      .flatMap(({ identity }) =>
        identity.deviceId === deviceId && identity.moduleId ? [identity.moduleId] : [],
      )
      .sort();
  }

  get devices(): readonly IdentityRecord[] {
    return [...this.records.values()].filter(({ identity }) => identity.moduleId === null);
  }

  private generateKeys(name: string): IdentityKeys {
    const stream = this.rng(`iot-hub/keys/${name}`);
    const key = () => Buffer.from(stream.bytes(KEY_BYTES)).toString('base64');
    return { primary: key(), secondary: key() };
  }
}

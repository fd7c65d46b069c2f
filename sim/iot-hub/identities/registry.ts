import type { Clock, RandomSource } from '../../kernel/services.js';
import { type Identity, isValidId, nameOf, parseName } from './identity.js';

/** Two keys, either of which opens the door, so that one can be replaced while devices use the other. */
export interface IdentityKeys {
  readonly primary: string;
  readonly secondary: string;
}

/** How an identity proves that it is itself. */
export type IdentityProof =
  | { readonly kind: 'sas' }
  /** SHA-1 or SHA-256 fingerprints in hexadecimal, either of which is enough. */
  | { readonly kind: 'selfSigned'; readonly thumbprints: readonly string[] }
  /** A certificate whose common name is the device's id, signed by a CA that the hub trusts. */
  | { readonly kind: 'certificateAuthority' };

export interface IdentityRecord {
  readonly identity: Identity;
  readonly keys: IdentityKeys;
  readonly proof: IdentityProof;
  readonly status: 'enabled' | 'disabled';
  readonly statusReason: string | null;
  readonly statusChangedAtMs: number;
  /** An IoT Edge device: automatic deployments apply to it. */
  readonly isEdge: boolean;
  /** Changes with every update of the record. */
  readonly etag: string;
  /** Tells an identity from an earlier one of the same name. */
  readonly generationId: string;
}

/** What may be given at creation and changed later. */
export type IdentitySettings = Partial<
  Pick<IdentityRecord, 'keys' | 'proof' | 'status' | 'statusReason' | 'isEdge'>
>;

export type RegistryListener = (record: IdentityRecord, what: 'created' | 'updated' | 'deleted') => void;

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
  private readonly clock: Clock;
  private readonly listeners: RegistryListener[] = [];
  /** Names of modules by device, sorted, as far as they were asked for: they are read far oftener than they change. */
  private readonly moduleNames = new Map<string, readonly string[]>();
  private changes = 0;

  constructor(rng: RandomSource, clock: Clock) {
    this.rng = rng;
    this.clock = clock;
  }

  /** `listener` hears of every identity that is created, updated or deleted. */
  onChanged(listener: RegistryListener): void {
    this.listeners.push(listener);
  }

  /** Keys are generated unless given. Throws `RegistryError`. */
  create(identity: Identity, settings: IdentitySettings = {}): IdentityRecord {
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
    return this.keep(name, 'created', {
      identity,
      keys: settings.keys ?? this.generateKeys(name),
      proof: settings.proof ?? { kind: 'sas' },
      status: settings.status ?? 'enabled',
      statusReason: settings.statusReason ?? null,
      statusChangedAtMs: this.clock.now(),
      isEdge: settings.isEdge ?? false,
      generationId: String(++this.changes),
    });
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

  update(name: string, change: IdentitySettings): IdentityRecord {
    const before = this.get(name);
    const statusChanged = change.status !== undefined && change.status !== before.status;
    return this.keep(name, 'updated', {
      ...before,
      ...change,
      statusChangedAtMs: statusChanged ? this.clock.now() : before.statusChangedAtMs,
    });
  }

  /** Removes a device with its modules, or a module. Returns the names removed. */
  remove(name: string): readonly string[] {
    this.get(name);
    const removed = [...this.records].filter(([other]) => other === name || other.startsWith(`${name}/`));
    for (const [gone, record] of removed) {
      this.records.delete(gone);
      this.moduleNames.delete(record.identity.deviceId);
      for (const listener of this.listeners) listener(record, 'deleted');
    }
    return removed.map(([gone]) => gone);
  }

  /** Names of the modules of a device, sorted. */
  modulesOf(deviceId: string): readonly string[] {
    let names = this.moduleNames.get(deviceId);
    if (names === undefined) {
      names = this.modules
        .flatMap(({ identity }) =>
          identity.deviceId === deviceId && identity.moduleId ? [identity.moduleId] : [],
        )
        .sort();
      this.moduleNames.set(deviceId, names);
    }
    return names;
  }

  get devices(): readonly IdentityRecord[] {
    return [...this.records.values()].filter(({ identity }) => identity.moduleId === null);
  }

  get modules(): readonly IdentityRecord[] {
    return [...this.records.values()].filter(({ identity }) => identity.moduleId !== null);
  }

  /** Puts records back as they were saved. */
  restore(records: readonly IdentityRecord[]): void {
    for (const record of records) {
      this.records.set(nameOf(record.identity), record);
      this.moduleNames.delete(record.identity.deviceId);
      this.changes++;
    }
  }

  private keep(
    name: string,
    what: 'created' | 'updated',
    record: Omit<IdentityRecord, 'etag'>,
  ): IdentityRecord {
    const kept = { ...record, etag: Buffer.from(String(++this.changes)).toString('base64') };
    this.records.set(name, kept);
    if (what === 'created') this.moduleNames.delete(record.identity.deviceId);
    for (const listener of this.listeners) listener(kept, what);
    return kept;
  }

  private generateKeys(name: string): IdentityKeys {
    const stream = this.rng(`iot-hub/keys/${name}`);
    const key = () => Buffer.from(stream.bytes(KEY_BYTES)).toString('base64');
    return { primary: key(), secondary: key() };
  }
}

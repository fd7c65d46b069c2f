/** What a namespace is made of. Limits: Event Hubs quotas of the Standard tier. */
import { EventHubsError } from './errors.js';

export type AccessRight = 'Listen' | 'Send' | 'Manage';

export interface SharedAccessPolicy {
  readonly name: string;
  /** The primary key, as it stands in a connection string. */
  readonly key: string;
  /** Signs as well as the primary key, so that one can be changed while the other is in use. */
  readonly secondaryKey?: string;
  readonly rights: readonly AccessRight[];
}

export interface HubConfiguration {
  readonly name: string;
  /** 1 to 32. */
  readonly partitionCount: number;
  /** `$Default` is always there too. */
  readonly consumerGroups: readonly string[];
  readonly retentionMs: number;
  /** Of the bodies in one partition; null: kept by time alone. */
  readonly retentionBytes: number | null;
  /** Beside those of the namespace, for this hub only. */
  readonly policies: readonly SharedAccessPolicy[];
}

export interface NamespaceConfiguration {
  /** As in `<name>.servicebus.windows.net`. */
  readonly name: string;
  readonly hubs: readonly HubConfiguration[];
  /** Null: no throttling. */
  readonly throughputUnits: number | null;
  readonly policies: readonly SharedAccessPolicy[];
  /** Of one publication, a single event or a batch. */
  readonly maxPublicationBytes: number;
}

/** What a user gives; everything but hubs' names has a default. */
export type NamespaceSettings = Partial<Omit<NamespaceConfiguration, 'hubs'>> & {
  readonly hubs: readonly (Partial<HubConfiguration> & { readonly name: string })[];
};

export const DEFAULT_CONSUMER_GROUP = '$Default';
export const MAX_PARTITIONS = 32;
const MAX_CONSUMER_GROUPS = 20;
const DEFAULT_PARTITIONS = 4;
const HOUR_MS = 3_600_000;
const DEFAULT_RETENTION_MS = 24 * HOUR_MS;
const MAX_RETENTION_MS = 7 * DEFAULT_RETENTION_MS;
const MAX_PUBLICATION_BYTES = 1024 * 1024;

/** The policy that a namespace has from the start in Azure. The key is public: it guards nothing but a simulation. */
export const ROOT_POLICY: SharedAccessPolicy = {
  name: 'RootManageSharedAccessKey',
  key: 'Zm9vdGZhbGwtc2ltdWxhdGlvbi1rZXk=',
  rights: ['Listen', 'Send', 'Manage'],
};

/** Fills in the defaults. Throws `EventHubsError` where a value is out of the service's limits. */
export function namespaceConfiguration(settings: NamespaceSettings): NamespaceConfiguration {
  const { name = 'footfall', throughputUnits = null, policies = [ROOT_POLICY] } = settings;
  if (throughputUnits !== null) checkRange('throughputUnits', throughputUnits, 1, 40);
  const hubs = settings.hubs.map(hubConfiguration);
  const twice = hubs.find(
    (hub, index) => hubs.findIndex((other) => sameName(other.name, hub.name)) !== index,
  );
  if (twice) throw new EventHubsError('invalid-argument', `two event hubs are named "${twice.name}"`);
  const { maxPublicationBytes = MAX_PUBLICATION_BYTES } = settings;
  return { name, hubs, throughputUnits, policies, maxPublicationBytes };
}

function hubConfiguration(settings: NamespaceSettings['hubs'][number]): HubConfiguration {
  const where = `event hub "${settings.name}"`;
  const partitionCount = settings.partitionCount ?? DEFAULT_PARTITIONS;
  checkRange(`partitionCount of ${where}`, partitionCount, 1, MAX_PARTITIONS);
  const retentionMs = settings.retentionMs ?? DEFAULT_RETENTION_MS;
  checkRange(`retentionMs of ${where}`, retentionMs, 1, MAX_RETENTION_MS);
  const named = (settings.consumerGroups ?? []).filter((group) => !sameName(group, DEFAULT_CONSUMER_GROUP));
  checkRange(`number of consumerGroups of ${where}`, named.length + 1, 1, MAX_CONSUMER_GROUPS);
  return {
    name: settings.name,
    partitionCount,
    consumerGroups: [DEFAULT_CONSUMER_GROUP, ...named],
    retentionMs,
    retentionBytes: settings.retentionBytes ?? null,
    policies: settings.policies ?? [],
  };
}

function checkRange(what: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new EventHubsError(
    'invalid-argument',
    `${what} is ${value}; expected a whole number from ${low} to ${high}`,
  );
}

/** Names of hubs and consumer groups are case-insensitive. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

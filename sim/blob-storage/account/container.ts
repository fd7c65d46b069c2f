import type { AccessPolicy } from '../access/access-policies.js';
import type { Blob } from './blob.js';
import type { Lease } from './lease.js';
import type { Metadata } from './names.js';

/** Who may read without a credential: nobody, or anyone who knows a blob's name, or who may also list. */
export type PublicAccess = 'none' | 'blob' | 'container';

export interface ContainerProperties {
  readonly name: string;
  readonly metadata: Metadata;
  readonly publicAccess: PublicAccess;
  /** Stored access policies, by which tokens can be revoked. */
  readonly policies: readonly AccessPolicy[];
  readonly etag: string;
  readonly lastModifiedMs: number;
  readonly lease: Lease | null;
}

/** A container's blobs by name, with what hangs on a name: snapshots, staged blocks, a lease. Knows nothing of requests. */
export class Container {
  properties: ContainerProperties;
  /** Oldest first, those that are softly deleted among them. */
  readonly snapshots = new Map<string, readonly Blob[]>();
  /** Softly deleted blobs, by name. */
  readonly deleted = new Map<string, Blob>();
  /** Blocks that were staged and not committed: blob → block id → bytes. */
  readonly staged = new Map<string, Map<string, Uint8Array>>();
  readonly leases = new Map<string, Lease>();
  private readonly blobs = new Map<string, Blob>();
  private sortedNames: readonly string[] | null = null;

  constructor(properties: ContainerProperties) {
    this.properties = properties;
  }

  get size(): number {
    return this.blobs.size;
  }

  blob(name: string): Blob | undefined {
    return this.blobs.get(name);
  }

  set(blob: Blob): void {
    if (!this.blobs.has(blob.name)) this.sortedNames = null;
    this.blobs.set(blob.name, blob);
  }

  /** The blob alone, without what hangs on its name. */
  delete(name: string): void {
    if (this.blobs.delete(name)) this.sortedNames = null;
  }

  /** In the order of a listing: by code unit, which no locale changes. */
  names(): readonly string[] {
    this.sortedNames ??= [...this.blobs.keys()].sort();
    return this.sortedNames;
  }

  /** Names of blobs, and of those of which only a snapshot or a deleted one is left. */
  allNames(): readonly string[] {
    return [...new Set([...this.blobs.keys(), ...this.snapshots.keys(), ...this.deleted.keys()])].sort();
  }
}

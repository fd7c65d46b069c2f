import type { Blob } from './blob.js';
import type { Metadata } from './names.js';

/** Who may read without a credential: nobody, or anyone who knows a blob's name, or who may also list. */
export type PublicAccess = 'none' | 'blob' | 'container';

export interface ContainerProperties {
  readonly name: string;
  readonly metadata: Metadata;
  readonly publicAccess: PublicAccess;
  readonly etag: string;
  readonly lastModifiedMs: number;
}

/** A container's blobs by name; knows nothing of requests. */
export class Container {
  properties: ContainerProperties;
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

  delete(name: string): void {
    if (this.blobs.delete(name)) this.sortedNames = null;
  }

  /** In the order of a listing: by code unit, which no locale changes. */
  names(): readonly string[] {
    this.sortedNames ??= [...this.blobs.keys()].sort();
    return this.sortedNames;
  }
}

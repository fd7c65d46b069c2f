import { type AccessPolicy, policiesProblem } from '../access/access-policies.js';
import { fail, type Outcome, type StorageFailure, succeed } from '../failure.js';
import {
  type Appending,
  type Blob,
  type CommittedBlock,
  type ContentProperties,
  type CopyOrigin,
  contentMd5,
  DEFAULT_CONTENT_TYPE,
} from './blob.js';
import { type Conditions, readCondition, writeCondition } from './conditions.js';
import { Container, type ContainerProperties, type PublicAccess } from './container.js';
import { EntityTags } from './entity-tags.js';
import { leaseRefusal, leaseState } from './lease.js';
import { type BlobPage, type ListOptions, listBlobs } from './listing.js';
import { isBlobName, isContainerName, type Metadata, metadataProblem, normaliseMetadata } from './names.js';
import { type DeleteOptions, keepOverwritten, removeBlob } from './snapshots.js';
import { type Tags, tagsProblem } from './tags.js';
import { type AccessTier, archiveRefusal } from './tiers.js';

export interface AccountOptions {
  readonly name: string;
  /** Base64. Two, so that one can be rotated while clients use the other. */
  readonly keys: readonly [string, string];
  /** Base64; of the account's own parts, which must go on while either of the two is regenerated. None by default. */
  readonly ownKey?: string;
  /** Default false: a request without a credential is refused whatever the container says. */
  readonly allowPublicAccess?: boolean;
}

export interface PutOptions {
  readonly content?: Partial<ContentProperties>;
  readonly metadata?: Metadata;
  readonly tags?: Tags;
  readonly tier?: AccessTier | undefined;
  readonly conditions?: Conditions;
  /** Base64; the upload is refused when the bytes do not match. */
  readonly expectedMd5?: string | undefined;
}

export interface ByteRange {
  readonly start: number;
  /** Last byte, included; undefined: to the end. */
  readonly end?: number | undefined;
}

export interface BlobSlice {
  readonly blob: Blob;
  readonly bytes: Uint8Array;
  /** Null when the whole blob was asked for. */
  readonly range: { readonly start: number; readonly end: number } | null;
}

/** What a write leaves under a name, before it has a version. */
export interface NewBlob extends Omit<PutOptions, 'expectedMd5'> {
  readonly appending?: Appending;
  readonly body: Uint8Array;
  readonly blocks?: readonly CommittedBlock[];
  readonly copy?: CopyOrigin;
}

/** Soft delete: how long what was deleted or overwritten can be restored; null: not at all. */
export type DeleteRetention = { readonly days: number } | null;

/** "Put Blob": the most a single upload may hold, 5,000 MiB. */
const PUT_MAX_BYTES = 5000 * 1024 * 1024;

/**
 * The state and rules of one storage account: containers, block blobs, versions, conditions, listings. Knows
 * nothing of HTTP, credentials or links. Failures are values with the service's own codes.
 */
export class BlobAccount {
  readonly name: string;
  keys: readonly [string, string];
  private readonly ownKey: string | undefined;
  readonly allowPublicAccess: boolean;
  deleteRetention: DeleteRetention = null;
  readonly now: () => number;
  private readonly containers = new Map<string, Container>();
  private readonly entityTags = new EntityTags();

  constructor(options: AccountOptions, now: () => number) {
    this.name = options.name;
    this.keys = options.keys;
    this.ownKey = options.ownKey;
    this.allowPublicAccess = options.allowPublicAccess ?? false;
    this.now = now;
  }

  createContainer(
    name: string,
    metadata: Metadata = {},
    publicAccess: PublicAccess = 'none',
  ): Outcome<ContainerProperties> {
    if (!isContainerName(name)) return fail('InvalidResourceName', `container ${JSON.stringify(name)}`);
    if (this.containers.has(name)) return fail('ContainerAlreadyExists');
    if (publicAccess !== 'none' && !this.allowPublicAccess) return fail('PublicAccessNotPermitted');
    const problem = metadataProblem(metadata);
    if (problem) return fail(problem);
    const container = new Container({
      name,
      metadata: normaliseMetadata(metadata),
      publicAccess,
      policies: [],
      lease: null,
      ...this.nextVersion(name),
    });
    this.containers.set(name, container);
    return succeed(container.properties);
  }

  /** A new key under `which`; what the old one signed is refused from now on. */
  regenerateKey(which: 'key1' | 'key2', key: string): void {
    this.keys = which === 'key1' ? [key, this.keys[1]] : [this.keys[0], key];
  }

  /** Every key that signs for this account now. */
  get signingKeys(): readonly string[] {
    return this.ownKey === undefined ? this.keys : [...this.keys, this.ownKey];
  }

  containerProperties(name: string, leaseId?: string): Outcome<ContainerProperties> {
    const found = this.container(name);
    if (!found.ok) return found;
    const { properties } = found.value;
    const refusal = leaseRefusal(properties.lease, leaseId, false, 'Container', this.now());
    return refusal ? { ok: false, failure: refusal } : succeed(properties);
  }

  setContainerMetadata(name: string, metadata: Metadata): Outcome<ContainerProperties> {
    const problem = metadataProblem(metadata);
    if (problem) return fail(problem);
    return this.changeContainer(name, { metadata: normaliseMetadata(metadata) });
  }

  /** "Set Container ACL": replaces the container's policies and its public access. */
  setContainerAccess(
    name: string,
    publicAccess: PublicAccess,
    policies: readonly AccessPolicy[],
  ): Outcome<ContainerProperties> {
    if (publicAccess !== 'none' && !this.allowPublicAccess) return fail('PublicAccessNotPermitted');
    const problem = policiesProblem(policies);
    if (problem !== null) return fail('InvalidXmlDocument', problem);
    return this.changeContainer(name, { publicAccess, policies });
  }

  deleteContainer(name: string, leaseId?: string): Outcome<null> {
    const found = this.container(name);
    if (!found.ok) return found;
    const refusal = leaseRefusal(found.value.properties.lease, leaseId, true, 'Container', this.now());
    if (refusal) return { ok: false, failure: refusal };
    this.containers.delete(name);
    return succeed(null);
  }

  listContainers(prefix = ''): Outcome<readonly ContainerProperties[]> {
    const names = [...this.containers.keys()].filter((name) => name.startsWith(prefix)).sort();
    return succeed(names.flatMap((name) => this.containers.get(name)?.properties ?? []));
  }

  /** Creates or overwrites an append blob, which has nothing in it yet. */
  createAppendBlob(container: string, name: string, options: PutOptions): Outcome<Blob> {
    const { expectedMd5: _, ...rest } = options;
    const appending = { blockCount: 0, isSealed: false };
    return this.write(container, name, { ...rest, body: new Uint8Array(), appending });
  }

  /** Creates or overwrites a block blob. */
  putBlob(container: string, name: string, body: Uint8Array, options: PutOptions = {}): Outcome<Blob> {
    const { expectedMd5, ...rest } = options;
    if (expectedMd5 !== undefined && expectedMd5 !== contentMd5(body)) return fail('Md5Mismatch');
    return this.write(container, name, { ...rest, body });
  }

  /** Every way in which a blob gets new bytes ends here. */
  write(container: string, name: string, written: NewBlob): Outcome<Blob> {
    const found = this.container(container);
    if (!found.ok) return found;
    const held = found.value;
    if (!isBlobName(name)) return fail('InvalidResourceName', `blob ${JSON.stringify(name)}`);
    const {
      body,
      content = {},
      metadata = {},
      tags = {},
      conditions = {},
      blocks = [],
      copy = null,
      appending = null,
      tier,
    } = written;
    if (body.byteLength > PUT_MAX_BYTES) return fail('RequestBodyTooLarge');
    const problem = metadataProblem(metadata);
    if (problem) return fail(problem);
    const badTags = tagsProblem(tags);
    if (badTags !== null) return fail('InvalidTag', badTags);
    const before = held.blob(name);
    const refusal = this.writeRefusal(held, name, before, conditions);
    if (refusal) return { ok: false, failure: refusal };
    if (before !== undefined) keepOverwritten(this, held, before);
    const version = this.nextVersion(`${container}/${name}`);
    const blob: Blob = {
      name,
      body,
      content: { ...content, contentType: content.contentType ?? DEFAULT_CONTENT_TYPE },
      metadata: normaliseMetadata(metadata),
      tags,
      createdMs: before?.createdMs ?? version.lastModifiedMs,
      blocks,
      appending,
      tier: tier === undefined ? null : { name: tier, changedMs: version.lastModifiedMs, rehydration: null },
      copy,
      snapshot: null,
      deletion: null,
      lease: null,
      ...version,
    };
    held.set(blob);
    held.staged.delete(name);
    return succeed(blob);
  }

  /** Why a write to `name` may not go on: a condition, or a lease that the caller does not hold. */
  writeRefusal(
    held: Container,
    name: string,
    before: Blob | undefined,
    conditions: Conditions,
  ): StorageFailure | null {
    const lease = held.leases.get(name) ?? null;
    const refusal =
      writeCondition(conditions, before) ?? leaseRefusal(lease, conditions.leaseId, true, 'Blob', this.now());
    const isOver = ['broken', 'expired'].includes(leaseState(lease, this.now()));
    // "Once a lease has expired, it is maintained … until the blob is modified".
    if (refusal === null && isOver) held.leases.delete(name);
    return refusal;
  }

  /** Whether a write to this name would create a blob rather than change one. */
  hasBlob(container: string, name: string): boolean {
    return this.containers.get(container)?.blob(name) !== undefined;
  }

  /** `snapshot` asks for that snapshot in place of the blob. */
  blobProperties(
    container: string,
    name: string,
    conditions: Conditions = {},
    snapshot: string | null = null,
  ): Outcome<Blob> {
    const found = this.find(container, name, snapshot);
    if (!found.ok) return found;
    const refusal =
      readCondition(conditions, found.value) ??
      leaseRefusal(found.value.lease, conditions.leaseId, false, 'Blob', this.now());
    return refusal ? { ok: false, failure: refusal } : found;
  }

  getBlob(
    container: string,
    name: string,
    range?: ByteRange,
    conditions: Conditions = {},
    snapshot: string | null = null,
  ): Outcome<BlobSlice> {
    const found = this.blobProperties(container, name, conditions, snapshot);
    if (!found.ok) return found;
    const blob = found.value;
    const archived = archiveRefusal(blob, this.now());
    if (archived) return { ok: false, failure: archived };
    if (range === undefined) return succeed({ blob, bytes: blob.body, range: null });
    const length = blob.body.byteLength;
    if (range.start >= length) return fail('InvalidRange', `the blob has ${length} bytes`);
    const end = Math.min(range.end ?? length - 1, length - 1);
    return succeed({
      blob,
      bytes: blob.body.subarray(range.start, end + 1),
      range: { start: range.start, end },
    });
  }

  setBlobMetadata(
    container: string,
    name: string,
    metadata: Metadata,
    conditions: Conditions = {},
  ): Outcome<Blob> {
    const problem = metadataProblem(metadata);
    if (problem) return fail(problem);
    return this.change(container, name, conditions, { metadata: normaliseMetadata(metadata) });
  }

  setBlobContentProperties(
    container: string,
    name: string,
    content: Partial<ContentProperties>,
    conditions: Conditions = {},
  ): Outcome<Blob> {
    const contentType = content.contentType ?? DEFAULT_CONTENT_TYPE;
    return this.change(container, name, conditions, { content: { ...content, contentType } });
  }

  /** Returns the version that was deleted. */
  deleteBlob(
    container: string,
    name: string,
    conditions: Conditions = {},
    options: DeleteOptions = {},
  ): Outcome<Blob> {
    const found = this.container(container);
    return found.ok ? removeBlob(this, found.value, name, conditions, options) : found;
  }

  listBlobs(container: string, options: ListOptions): Outcome<BlobPage> {
    const found = this.container(container);
    return found.ok ? listBlobs(found.value, options, this.now()) : found;
  }

  container(name: string): Outcome<Container> {
    const container = this.containers.get(name);
    return container ? succeed(container) : fail('ContainerNotFound');
  }

  /** Takes in a container that was kept elsewhere. */
  adopt(container: Container): void {
    this.containers.set(container.properties.name, container);
  }

  containerNames(): readonly string[] {
    return [...this.containers.keys()].sort();
  }

  find(container: string, name: string, snapshot: string | null = null): Outcome<Blob> {
    const found = this.container(container);
    if (!found.ok) return found;
    const held = found.value;
    if (snapshot !== null) {
      const taken = held.snapshots.get(name)?.find((candidate) => candidate.snapshot === snapshot);
      return taken && taken.deletion === null ? succeed(taken) : fail('BlobNotFound');
    }
    const blob = held.blob(name);
    if (blob === undefined) return fail('BlobNotFound');
    const lease = held.leases.get(name);
    return succeed(lease === undefined ? blob : { ...blob, lease });
  }

  nextVersion(resource: string): { readonly etag: string; readonly lastModifiedMs: number } {
    const lastModifiedMs = this.now();
    return { etag: this.entityTags.next(resource, lastModifiedMs), lastModifiedMs };
  }

  private changeContainer(
    name: string,
    changes: Partial<Pick<ContainerProperties, 'metadata' | 'publicAccess' | 'policies'>>,
  ): Outcome<ContainerProperties> {
    const found = this.container(name);
    if (!found.ok) return found;
    const container = found.value;
    container.properties = { ...container.properties, ...changes, ...this.nextVersion(name) };
    return succeed(container.properties);
  }

  private change(
    container: string,
    name: string,
    conditions: Conditions,
    changes: Partial<Pick<Blob, 'metadata' | 'content'>>,
  ): Outcome<Blob> {
    const found = this.container(container);
    if (!found.ok) return found;
    const before = found.value.blob(name);
    if (before === undefined) return fail('BlobNotFound');
    const refusal = this.writeRefusal(found.value, name, before, conditions);
    if (refusal) return { ok: false, failure: refusal };
    const blob: Blob = { ...before, ...changes, ...this.nextVersion(`${container}/${name}`) };
    found.value.set(blob);
    return succeed(blob);
  }
}

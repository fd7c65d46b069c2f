import { type Blob, type ContentProperties, contentMd5, DEFAULT_CONTENT_TYPE } from './blob.js';
import { type Conditions, readCondition, writeCondition } from './conditions.js';
import { Container, type ContainerProperties, type PublicAccess } from './container.js';
import { EntityTags } from './entity-tags.js';
import { fail, type Outcome, succeed } from './failure.js';
import { type BlobPage, type ListOptions, listBlobs } from './listing.js';
import { isBlobName, isContainerName, type Metadata, metadataProblem, normaliseMetadata } from './names.js';

export interface AccountOptions {
  readonly name: string;
  /** Base64. Two, so that one can be rotated while clients use the other. */
  readonly keys: readonly [string, string];
  /** Default false: a request without a credential is refused whatever the container says. */
  readonly allowPublicAccess?: boolean;
}

export interface PutOptions {
  readonly content?: Partial<ContentProperties>;
  readonly metadata?: Metadata;
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

/** "Put Blob": the most a single upload may hold, 5,000 MiB. */
const PUT_MAX_BYTES = 5000 * 1024 * 1024;

/**
 * The state and rules of one storage account: containers, block blobs, versions, conditions, listings. Knows
 * nothing of HTTP, credentials or links. Failures are values with the service's own codes.
 */
export class BlobAccount {
  readonly name: string;
  keys: readonly [string, string];
  readonly allowPublicAccess: boolean;
  private readonly containers = new Map<string, Container>();
  private readonly tags = new EntityTags();
  private readonly now: () => number;

  constructor(options: AccountOptions, now: () => number) {
    this.name = options.name;
    this.keys = options.keys;
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
      ...this.nextVersion(name),
    });
    this.containers.set(name, container);
    return succeed(container.properties);
  }

  containerProperties(name: string): Outcome<ContainerProperties> {
    const container = this.containers.get(name);
    return container ? succeed(container.properties) : fail('ContainerNotFound');
  }

  setContainerMetadata(name: string, metadata: Metadata): Outcome<ContainerProperties> {
    const container = this.containers.get(name);
    if (!container) return fail('ContainerNotFound');
    const problem = metadataProblem(metadata);
    if (problem) return fail(problem);
    container.properties = {
      ...container.properties,
      metadata: normaliseMetadata(metadata),
      ...this.nextVersion(name),
    };
    return succeed(container.properties);
  }

  deleteContainer(name: string): Outcome<null> {
    return this.containers.delete(name) ? succeed(null) : fail('ContainerNotFound');
  }

  listContainers(prefix = ''): Outcome<readonly ContainerProperties[]> {
    const names = [...this.containers.keys()].filter((name) => name.startsWith(prefix)).sort();
    return succeed(names.flatMap((name) => this.containers.get(name)?.properties ?? []));
  }

  /** Creates or overwrites a block blob. */
  putBlob(container: string, name: string, body: Uint8Array, options: PutOptions = {}): Outcome<Blob> {
    const held = this.containers.get(container);
    if (!held) return fail('ContainerNotFound');
    if (!isBlobName(name)) return fail('InvalidResourceName', `blob ${JSON.stringify(name)}`);
    if (body.byteLength > PUT_MAX_BYTES) return fail('RequestBodyTooLarge');
    const { content = {}, metadata = {}, conditions = {}, expectedMd5 } = options;
    const problem = metadataProblem(metadata);
    if (problem) return fail(problem);
    if (expectedMd5 !== undefined && expectedMd5 !== contentMd5(body)) return fail('Md5Mismatch');
    const before = held.blob(name);
    const refusal = writeCondition(conditions, before);
    if (refusal) return { ok: false, failure: refusal };
    const version = this.nextVersion(`${container}/${name}`);
    const blob: Blob = {
      name,
      body,
      content: { ...content, contentType: content.contentType ?? DEFAULT_CONTENT_TYPE },
      metadata: normaliseMetadata(metadata),
      createdMs: before?.createdMs ?? version.lastModifiedMs,
      ...version,
    };
    held.set(blob);
    return succeed(blob);
  }

  /** Whether a write to this name would create a blob rather than change one. */
  hasBlob(container: string, name: string): boolean {
    return this.containers.get(container)?.blob(name) !== undefined;
  }

  blobProperties(container: string, name: string, conditions: Conditions = {}): Outcome<Blob> {
    const found = this.find(container, name);
    if (!found.ok) return found;
    const refusal = readCondition(conditions, found.value);
    return refusal ? { ok: false, failure: refusal } : found;
  }

  getBlob(
    container: string,
    name: string,
    range?: ByteRange,
    conditions: Conditions = {},
  ): Outcome<BlobSlice> {
    const found = this.blobProperties(container, name, conditions);
    if (!found.ok) return found;
    const blob = found.value;
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
  deleteBlob(container: string, name: string, conditions: Conditions = {}): Outcome<Blob> {
    const found = this.find(container, name);
    if (!found.ok) return found;
    const refusal = writeCondition(conditions, found.value);
    if (refusal) return { ok: false, failure: refusal };
    this.containers.get(container)?.delete(name);
    return found;
  }

  listBlobs(container: string, options: ListOptions): Outcome<BlobPage> {
    const held = this.containers.get(container);
    return held ? listBlobs(held, options) : fail('ContainerNotFound');
  }

  private change(
    container: string,
    name: string,
    conditions: Conditions,
    changes: Partial<Pick<Blob, 'metadata' | 'content'>>,
  ): Outcome<Blob> {
    const found = this.find(container, name);
    if (!found.ok) return found;
    const refusal = writeCondition(conditions, found.value);
    if (refusal) return { ok: false, failure: refusal };
    const blob: Blob = { ...found.value, ...changes, ...this.nextVersion(`${container}/${name}`) };
    this.containers.get(container)?.set(blob);
    return succeed(blob);
  }

  private find(container: string, name: string): Outcome<Blob> {
    const held = this.containers.get(container);
    if (!held) return fail('ContainerNotFound');
    const blob = held.blob(name);
    return blob ? succeed(blob) : fail('BlobNotFound');
  }

  private nextVersion(resource: string): { readonly etag: string; readonly lastModifiedMs: number } {
    const lastModifiedMs = this.now();
    return { etag: this.tags.next(resource, lastModifiedMs), lastModifiedMs };
  }
}

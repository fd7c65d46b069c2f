/**
 * Keeps accounts in a folder, so that what was acknowledged is there after the process was killed. One file for
 * each container and one for each blob name (with its snapshots, staged blocks and lease), written beside and
 * put in place by a rename, and on the disk (`fsync`) before the request is answered.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { BlobAccount, DeleteRetention } from '../account/account.js';
import type { Blob } from '../account/blob.js';
import { Container, type ContainerProperties } from '../account/container.js';
import type { Lease } from '../account/lease.js';
import type { Operation, OperationName } from '../operations/operation.js';

/** All that is kept under a blob's name. */
interface NameRecord {
  readonly name: string;
  readonly blob: Blob | undefined;
  readonly deleted: Blob | undefined;
  readonly snapshots: readonly Blob[];
  readonly staged: ReadonlyMap<string, Uint8Array>;
  readonly lease: Lease | undefined;
}

interface AccountRecord {
  readonly keys: readonly [string, string];
  readonly deleteRetention: DeleteRetention;
}

const CONTAINER_FILE = 'container.v8';
const ACCOUNT_FILE = 'account.v8';
const TEMPORARY = '.new';

/** What changes nothing that is kept. */
const READS: ReadonlySet<OperationName> = new Set<OperationName>([
  'ListContainers',
  'GetBlobServiceProperties',
  'GetAccountInformation',
  'GetBlobServiceStats',
  'FindBlobsByTags',
  'GetContainerProperties',
  'GetContainerACL',
  'ListBlobs',
  'GetBlob',
  'GetBlobProperties',
  'GetBlobTags',
  'GetBlockList',
  'AbortCopyBlob',
  // What is in it is kept as it comes.
  'SubmitBatch',
]);

export class DurableStore {
  private readonly folder: string;

  /** `folder` is made when it is not there. */
  constructor(folder: string) {
    this.folder = folder;
    fs.mkdirSync(folder, { recursive: true });
  }

  /** Puts what is kept into `account`, which must be empty. What a crash left unfinished is cleared away. */
  restore(account: BlobAccount): void {
    const home = join(this.folder, account.name);
    if (!fs.existsSync(home)) return;
    const record = readRecord<AccountRecord>(join(home, ACCOUNT_FILE));
    if (record !== null) {
      account.keys = record.keys;
      account.deleteRetention = record.deleteRetention;
    }
    for (const entry of fs.readdirSync(home, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const container = readContainer(join(home, entry.name));
      if (container === null) fs.rmSync(join(home, entry.name), { recursive: true });
      else account.adopt(container);
    }
  }

  /** Writes what `operation` may have changed. */
  keep(account: BlobAccount, { name, target }: Operation<unknown>): void {
    if (READS.has(name)) return;
    if (target.container === null) this.keepAccount(account);
    else this.keepIn(account, target.container, target.blob);
  }

  keepAccount({ name, keys, deleteRetention }: BlobAccount): void {
    const record: AccountRecord = { keys, deleteRetention };
    const home = join(this.folder, name);
    fs.mkdirSync(home, { recursive: true });
    writeRecord(home, ACCOUNT_FILE, record);
  }

  private keepIn(account: BlobAccount, containerName: string, blobName: string | null): void {
    const home = join(this.folder, account.name, containerName);
    const found = account.container(containerName);
    if (!found.ok) {
      // The container's own file first: without it, the rest is cleared away at the next start.
      fs.rmSync(join(home, CONTAINER_FILE), { force: true });
      fs.rmSync(home, { recursive: true, force: true });
      syncFolder(join(this.folder, account.name));
    } else if (blobName === null) {
      fs.mkdirSync(home, { recursive: true });
      writeRecord(home, CONTAINER_FILE, found.value.properties);
      syncFolder(join(this.folder, account.name));
    } else {
      keepName(home, found.value, blobName);
    }
  }
}

function keepName(home: string, held: Container, name: string): void {
  const record: NameRecord = {
    name,
    blob: held.blob(name),
    deleted: held.deleted.get(name),
    snapshots: held.snapshots.get(name) ?? [],
    staged: held.staged.get(name) ?? new Map(),
    lease: held.leases.get(name),
  };
  const file = fileOf(name);
  const isEmpty =
    record.blob === undefined &&
    record.deleted === undefined &&
    record.snapshots.length === 0 &&
    record.staged.size === 0;
  if (isEmpty) {
    fs.rmSync(join(home, file), { force: true });
    syncFolder(home);
  } else {
    writeRecord(home, file, record);
  }
}

/** A blob's name may hold anything and be longer than a file's. */
function fileOf(name: string): string {
  return `${createHash('sha256').update(name).digest('hex')}.v8`;
}

function readContainer(home: string): Container | null {
  const properties = readRecord<ContainerProperties>(join(home, CONTAINER_FILE));
  if (properties === null) return null;
  const container = new Container(properties);
  for (const file of fs.readdirSync(home)) {
    if (file.endsWith(TEMPORARY)) fs.rmSync(join(home, file));
    if (file === CONTAINER_FILE || !file.endsWith('.v8')) continue;
    const record = readRecord<NameRecord>(join(home, file));
    if (record !== null) adoptName(container, record);
  }
  return container;
}

function adoptName(
  container: Container,
  { name, blob, deleted, snapshots, staged, lease }: NameRecord,
): void {
  if (blob !== undefined) container.set(blob);
  if (deleted !== undefined) container.deleted.set(name, deleted);
  if (snapshots.length > 0) container.snapshots.set(name, snapshots);
  if (staged.size > 0) container.staged.set(name, new Map(staged));
  if (lease !== undefined) container.leases.set(name, lease);
}

function readRecord<T>(file: string): T | null {
  return fs.existsSync(file) ? (deserialize(fs.readFileSync(file)) as T) : null;
}

function writeRecord(home: string, name: string, record: unknown): void {
  const file = join(home, name);
  const descriptor = fs.openSync(`${file}${TEMPORARY}`, 'w');
  fs.writeSync(descriptor, serialize(record));
  fs.fsyncSync(descriptor);
  fs.closeSync(descriptor);
  fs.renameSync(`${file}${TEMPORARY}`, file);
  syncFolder(home);
}

/** A rename is on the disk when its folder is. */
function syncFolder(folder: string): void {
  const descriptor = fs.openSync(folder, 'r');
  fs.fsyncSync(descriptor);
  fs.closeSync(descriptor);
}

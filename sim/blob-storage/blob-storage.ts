import type { KernelServices } from '../kernel/services.js';
import type { StageFigures } from '../kernel/stage-counters.js';
import { exchange, type Link } from '../network/index.js';
import { authorise, type Credential } from './access/authorisation.js';
import type { Transport } from './access/shared-access-signature.js';
import { type AccountOptions, BlobAccount } from './account/account.js';
import type { Blob } from './account/blob.js';
import type { Metadata } from './account/names.js';
import { fail, type Outcome } from './failure.js';
import { type BlobEvent, blobEvent } from './keeping/change-feed.js';
import { DurableStore } from './keeping/durable-store.js';
import { type Operation, type OperationName, writesBlob } from './operations/operation.js';
import { exchangeKey, OperationLog } from './operations/operation-log.js';

/** A blob has a new version: what a trigger listens for. */
export interface BlobWritten {
  readonly account: string;
  readonly container: string;
  readonly name: string;
  readonly etag: string;
  readonly lengthBytes: number;
  readonly metadata: Metadata;
}

export interface BlobStorageOptions {
  readonly accounts: readonly AccountOptions[];
  /** How far the service's clock runs ahead of the world's, for tokens that a device's clock has dated. */
  readonly clockSkewMs?: number;
  /** A folder to keep everything in, across restarts and crashes; default: in memory only. */
  readonly dataFolder?: string;
  /** Where an account is, for the URLs in events; default `https://<account>.blob.core.windows.net`. */
  readonly endpointOf?: (account: string) => string;
}

export interface Caller {
  readonly credential: Credential;
  readonly transport: Transport;
  /** The link that the request came over; undefined when it came over the real network, or from within. */
  readonly link: Link | undefined;
}

/**
 * The service: accounts behind a door. Every request, by REST or by a direct call, passes `perform`, where the
 * link is charged, the credential judged, the operation run, counted and traced.
 */
export class BlobStorage {
  private readonly services: KernelServices;
  private readonly accounts: ReadonlyMap<string, BlobAccount>;
  private readonly clockSkewMs: number;
  private readonly writeListeners = new Set<(written: BlobWritten) => void>();
  private readonly eventListeners = new Set<(event: BlobEvent) => void>();
  private readonly endpointOf: (account: string) => string;
  private readonly store: DurableStore | null;
  private readonly log: OperationLog;

  constructor(services: KernelServices, options: BlobStorageOptions) {
    this.services = services;
    this.log = new OperationLog(services);
    this.clockSkewMs = options.clockSkewMs ?? 0;
    this.endpointOf = options.endpointOf ?? ((account) => `https://${account}.blob.core.windows.net`);
    const now = () => services.clock.now();
    this.store = options.dataFolder === undefined ? null : new DurableStore(options.dataFolder);
    this.accounts = new Map(options.accounts.map((account) => [account.name, new BlobAccount(account, now)]));
    for (const account of this.accounts.values()) this.store?.restore(account);
  }

  account(name: string): BlobAccount | undefined {
    return this.accounts.get(name);
  }

  /** A new key for an account, kept with its data; what the old one signed is refused from now on. */
  regenerateKey(name: string, which: 'key1' | 'key2', key: string): void {
    const account = this.accounts.get(name);
    if (account === undefined) return;
    account.regenerateKey(which, key);
    this.store?.keepAccount(account);
  }

  /** The service's own clock, epoch milliseconds. */
  nowMs(): number {
    return this.services.clock.now() + this.clockSkewMs;
  }

  /** Calls `listener` whenever a blob is created or overwritten; returns how to stop. */
  onBlobWritten(listener: (written: BlobWritten) => void): () => void {
    this.writeListeners.add(listener);
    return () => this.writeListeners.delete(listener);
  }

  /** Calls `listener` with every creation and deletion of a blob; returns how to stop. */
  onEvent(listener: (event: BlobEvent) => void): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }

  /** Rejects with `LinkDownError` only; everything the service itself refuses is a value. */
  perform<T>(operation: Operation<T>, caller: Caller): Promise<Outcome<T>> {
    return exchange(
      caller.link,
      exchangeKey(operation.name, operation.target),
      operation.upBytes,
      () => this.serve(operation, caller),
      (outcome) => (outcome.ok ? operation.downBytes(outcome.value) : 0),
    );
  }

  /** What a part of another operation (the source of a copy) answers: judged, but neither charged nor recorded. */
  within<T>(operation: Operation<T>, credential: Credential, transport: Transport): Outcome<T> {
    return this.run(operation, credential, transport);
  }

  /** One stage each for what came in, what was read and what was deleted. */
  figures(): readonly StageFigures[] {
    return this.log.figures();
  }

  private serve<T>(operation: Operation<T>, { credential, transport }: Caller): Outcome<T> {
    const outcome = this.run(operation, credential, transport);
    this.log.record(operation.name, operation.target, outcome.ok ? null : outcome.failure.status);
    if (outcome.ok && writesBlob(operation.name)) this.announceWrite(operation);
    const deleted = outcome.ok ? operation.deletes?.(outcome.value) : undefined;
    if (deleted !== undefined)
      this.announceChange(
        operation.target.account,
        operation.target.container ?? '',
        deleted,
        operation.name,
      );
    return outcome;
  }

  private run<T>(operation: Operation<T>, credential: Credential, transport: Transport): Outcome<T> {
    const account = this.accounts.get(operation.target.account);
    if (!account) return fail('AuthenticationFailed', `no account is named ${operation.target.account}`);
    const permission = authorise(account, credential, operation, transport, this.nowMs());
    if (!permission.ok) return permission;
    const outcome = operation.run(account);
    if (outcome.ok) this.store?.keep(account, operation);
    return outcome;
  }

  private announceWrite({ name: by, target }: Operation<unknown>): void {
    const { account, container, blob: name } = target;
    if (container === null || name === null) return;
    const found = this.accounts.get(account)?.find(container, name);
    if (!found?.ok) return;
    const { etag, body, metadata } = found.value;
    for (const listener of this.writeListeners)
      listener({ account, container, name, etag, lengthBytes: body.byteLength, metadata });
    this.announceChange(account, container, found.value, by);
  }

  private announceChange(account: string, container: string, blob: Blob, by: OperationName): void {
    if (this.eventListeners.size === 0) return;
    const change = { account, container, blob, by, atMs: this.services.clock.now() };
    const event = blobEvent({ ...change, endpoint: this.endpointOf(account) });
    for (const listener of this.eventListeners) listener(event);
  }
}

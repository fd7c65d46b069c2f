/** The blob that a request names by `x-ms-copy-source`. */

import type { Credential } from '../access/authorisation.js';
import type { BlobSlice } from '../account/account.js';
import type { BlobStorage, Caller } from '../blob-storage.js';
import { fail, type Outcome } from '../failure.js';
import { getBlob } from '../operations/operations.js';
import { header, parseRange, type RestRequest, readTarget } from './rest-request.js';

export interface CopySource {
  readonly url: string;
  read(): Outcome<BlobSlice>;
}

/** A source of this service only: of the account itself by its key, of any account by a token in the URL. */
export function readSource(storage: BlobStorage, caller: Caller, request: RestRequest): CopySource {
  const url = header(request, 'x-ms-copy-source') ?? '';
  return { url, read: () => read(storage, caller, request, url) };
}

function read(storage: BlobStorage, caller: Caller, request: RestRequest, url: string): Outcome<BlobSlice> {
  if (!URL.canParse(url))
    return fail('InvalidHeaderValue', `x-ms-copy-source is ${JSON.stringify(url)}, no URL`);
  const { pathname, host, searchParams } = new URL(url);
  const target = readTarget(pathname, host, searchParams);
  if (target?.container == null || target.blob === null)
    return fail('InvalidHeaderValue', `x-ms-copy-source ${url} names no blob`);
  const isOwn = target.account === request.target.account;
  const credential: Credential = searchParams.has('sig')
    ? { kind: 'token', token: searchParams }
    : isOwn
      ? caller.credential
      : { kind: 'none' };
  const range = parseRange(header(request, 'x-ms-source-range'));
  const operation = getBlob(target.account, target.container, target.blob, range, undefined, target.snapshot);
  const outcome = storage.within(operation, credential, caller.transport);
  const isAbsent = !outcome.ok && ['BlobNotFound', 'ContainerNotFound'].includes(outcome.failure.code);
  return isAbsent ? fail('CannotVerifyCopySource', url) : outcome;
}

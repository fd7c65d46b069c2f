import type { BlobAccount } from '../account/account.js';
import { fail, type Outcome, type StorageFailure, succeed } from '../failure.js';
import type { Operation, OperationName } from '../operations/operations.js';
import { authoriseToken, type Transport } from './shared-access-signature.js';

/** What a caller shows. Whether a request was signed with a key is the front's to verify. */
export type Credential =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'refused'; readonly failure: StorageFailure }
  | { readonly kind: 'token'; readonly token: URLSearchParams }
  | { readonly kind: 'none' };

/** Reads that a container may open to everyone; the second kind only with `container` access. */
const PUBLIC_BLOB_READS: readonly OperationName[] = ['GetBlob', 'GetBlobProperties'];
const PUBLIC_CONTAINER_READS: readonly OperationName[] = ['ListBlobs', 'GetContainerProperties'];

export function authorise(
  account: BlobAccount,
  credential: Credential,
  operation: Operation<unknown>,
  transport: Transport,
  nowMs: number,
): Outcome<null> {
  switch (credential.kind) {
    case 'key':
      return account.signingKeys.includes(credential.key)
        ? succeed(null)
        : fail('AuthenticationFailed', 'unknown account key');
    case 'refused':
      return { ok: false, failure: credential.failure };
    case 'token':
      return authoriseToken(account, credential.token, operation, transport, nowMs);
    case 'none':
      return authoriseAnonymous(account, operation);
  }
}

/** "Configure anonymous read access": off for the account, off for a container, unless both say otherwise. */
function authoriseAnonymous(account: BlobAccount, { name, target }: Operation<unknown>): Outcome<null> {
  const readsBlob = PUBLIC_BLOB_READS.includes(name);
  const readsContainer = PUBLIC_CONTAINER_READS.includes(name);
  if (!readsBlob && !readsContainer) return fail('NoAuthenticationInformation');
  if (!account.allowPublicAccess) return fail('PublicAccessNotPermitted');
  const container = account.containerProperties(target.container ?? '');
  const access = container.ok ? container.value.publicAccess : 'none';
  const isOpen = access === 'container' || (access === 'blob' && readsBlob);
  // A private container is not said to exist.
  return isOpen ? succeed(null) : fail('ResourceNotFound');
}

import type { Credential } from '../access/authorisation.js';
import { verifySharedKey } from '../access/shared-key.js';
import type { BlobStorage } from '../blob-storage.js';
import { fail } from '../failure.js';
import type { RestRequest } from './rest-request.js';

/** What a request shows: a signature by a key, a token, or nothing. */
export function readCredential(storage: BlobStorage, request: RestRequest): Credential {
  if (request.headers.authorization === undefined)
    return request.query.has('sig') ? { kind: 'token', token: request.query } : { kind: 'none' };
  const account = storage.account(request.target.account);
  if (!account) return { kind: 'refused', failure: fail('AuthenticationFailed').failure };
  const signer = verifySharedKey(request, account.name, account.signingKeys, storage.nowMs());
  return signer.ok ? { kind: 'key', key: signer.value } : { kind: 'refused', failure: signer.failure };
}

/** Who may do what, by bearer token. Whatever no rule allows is denied. */
import { timingSafeEqual } from 'node:crypto';
import { PowerBiError } from './errors.js';

/**
 * `publisher` pushes rows; `viewer` sees aggregates of its own stores, `analyst` of all stores, `operator` those
 * and the state of the service. Nobody sees pictures: none come here.
 */
export type Role = 'publisher' | 'viewer' | 'analyst' | 'operator';

export interface Grant {
  readonly token: string;
  readonly role: Role;
  /** The stores whose rows it shows; null: all. */
  readonly storeIds: readonly string[] | null;
}

const BEARER = /^Bearer +(\S+)$/i;

/** The grant of a request. Throws `PowerBiError`: 401 without a known token, 403 when its role is not enough. */
export function authorised(
  grants: readonly Grant[],
  authorization: string | undefined,
  ...roles: readonly Role[]
): Grant {
  const [, token] = BEARER.exec(authorization ?? '') ?? [];
  const grant = token === undefined ? undefined : grants.find((each) => isSame(each.token, token));
  if (!grant) throw new PowerBiError('Unauthorized', 'expected a known token in "Authorization: Bearer …"');
  if (roles.includes(grant.role)) return grant;
  throw new PowerBiError(
    'Forbidden',
    `the role "${grant.role}" may not do this; it takes ${roles.join(' or ')}`,
  );
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Stored access policies: "Set Container ACL" and "Define a stored access policy". */
import { fail, type Outcome, succeed } from '../failure.js';

/** What a token that names it (`si`) need not say itself; deleting it revokes those tokens. */
export interface AccessPolicy {
  readonly id: string;
  /** ISO 8601, as the client wrote it. */
  readonly start: string | undefined;
  readonly expiry: string | undefined;
  readonly permissions: string | undefined;
}

const MOST_POLICIES = 5;
const ID_MOST_LENGTH = 64;

export function policiesProblem(policies: readonly AccessPolicy[]): string | null {
  if (policies.length > MOST_POLICIES)
    return `${policies.length} policies, expected at most ${MOST_POLICIES}`;
  for (const { id, start, expiry } of policies) {
    if (id === '' || id.length > ID_MOST_LENGTH)
      return `the policy id ${JSON.stringify(id)} has not 1 to ${ID_MOST_LENGTH} characters`;
    const badTime = [start, expiry].find((time) => time !== undefined && Number.isNaN(Date.parse(time)));
    if (badTime !== undefined)
      return `the policy ${JSON.stringify(id)} has the time ${JSON.stringify(badTime)}`;
  }
  return null;
}

/**
 * What `token` says together with the policy that it names. "If the same field is specified in both … the
 * request fails".
 */
export function withStoredPolicy(
  token: URLSearchParams,
  policies: readonly AccessPolicy[],
): Outcome<URLSearchParams> {
  const id = token.get('si');
  if (id === null) return succeed(token);
  const policy = policies.find((candidate) => candidate.id === id);
  if (policy === undefined) return fail('AuthenticationFailed', `the container has no access policy ${id}`);
  const whole = new URLSearchParams(token);
  const fields = [
    ['st', policy.start],
    ['se', policy.expiry],
    ['sp', policy.permissions],
  ] as const;
  for (const [name, value] of fields) {
    if (value === undefined || value === '') continue;
    if (whole.get(name))
      return fail('AuthenticationFailed', `both the token and the policy ${id} say ${name}`);
    whole.set(name, value);
  }
  return succeed(whole);
}

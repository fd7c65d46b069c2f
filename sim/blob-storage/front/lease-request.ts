import type { LeaseAction } from '../account/lease.js';
import { fail, type Outcome, succeed } from '../failure.js';
import { header, type RestRequest } from './rest-request.js';

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The headers of "Lease Blob" and "Lease Container"; `newId` is for a lease to which the client gives none. */
export function readLeaseAction(request: RestRequest, newId: string): Outcome<LeaseAction> {
  const id = header(request, 'x-ms-lease-id') ?? '';
  const proposedId = header(request, 'x-ms-proposed-lease-id') ?? newId;
  const action = header(request, 'x-ms-lease-action')?.toLowerCase();
  if (action === undefined) return fail('MissingRequiredHeader', 'x-ms-lease-action');
  if (!GUID.test(proposedId)) return fail('InvalidHeaderValue', 'x-ms-proposed-lease-id is no GUID');
  if (action === 'acquire') {
    const duration = header(request, 'x-ms-lease-duration');
    if (duration === undefined) return fail('MissingRequiredHeader', 'x-ms-lease-duration');
    return succeed({ action, durationSeconds: Number(duration), proposedId });
  }
  if (action === 'break') {
    const period = header(request, 'x-ms-lease-break-period');
    return succeed({ action, periodSeconds: period === undefined ? undefined : Number(period) });
  }
  if (id === '') return fail('MissingRequiredHeader', 'x-ms-lease-id');
  if (action === 'renew' || action === 'release') return succeed({ action, id });
  if (action === 'change') return succeed({ action, id, proposedId });
  return fail(
    'InvalidHeaderValue',
    `x-ms-lease-action is ${action}, expected acquire, renew, change, release or break`,
  );
}

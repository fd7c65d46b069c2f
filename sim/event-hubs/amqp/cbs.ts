/** `$cbs`: claims-based security, by which a client puts tokens for the entities it will use. */
import type { Message } from 'rhea';
import type { Answer } from '../../network/amqp/request-node.js';
import type { Claim } from '../core/access.js';
import type { EventHubsCore } from '../core/core.js';
import { EventHubsError } from '../core/errors.js';

const SAS_TOKEN_TYPES: ReadonlySet<string> = new Set(['servicebus.windows.net:sastoken', 'amqp:sas']);

/** Answers a `put-token` request and keeps what it grants in `claims`, by the token's audience. */
export function putToken(core: EventHubsCore, claims: Map<string, Claim>, request: Message): Answer {
  const properties: Readonly<Record<string, unknown>> = request.application_properties ?? {};
  const { operation, type, name: audience } = properties;
  if (operation !== 'put-token' || typeof audience !== 'string') {
    return { status: 400, description: 'expected operation "put-token" with the entity as "name"' };
  }
  if (typeof type !== 'string' || !SAS_TOKEN_TYPES.has(type)) {
    return {
      status: 400,
      description: `tokens of type "${String(type)}" are not supported; use a SAS token`,
    };
  }
  try {
    const claim = core.access.claimOf(String(request.body), audience, core.services.clock.now());
    claims.set(claim.path, claim);
    return { status: 202, description: 'Accepted' };
  } catch (error) {
    if (!(error instanceof EventHubsError)) throw error;
    return { status: 401, description: error.message, condition: error.condition };
  }
}

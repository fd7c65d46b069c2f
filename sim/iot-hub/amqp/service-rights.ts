/** What a back end's AMQP connection may do: by the tokens it put (`$cbs`), or by SASL PLAIN. */
import type { Message } from 'rhea';
import type { Answer } from '../../network/amqp/request-node.js';
import type { IotHub } from '../core.js';
import { parseSasToken } from '../identities/sas-token.js';

const TOKEN_TYPE = 'servicebus.windows.net:sastoken';
const MS_PER_SECOND = 1000;
/** `{policy}@sas.root.{hub}`, of a service client. */
const SERVICE_USER = /^([^@]+)@sas\.root\.[^@]+$/;

export class ServiceRights {
  private readonly hub: IotHub;
  private untilMs = Number.NEGATIVE_INFINITY;

  constructor(hub: IotHub) {
    this.hub = hub;
  }

  get isGranted(): boolean {
    return this.expiresAtMs > this.hub.services.clock.now();
  }

  get expiresAtMs(): number {
    return this.untilMs;
  }

  /** SASL PLAIN: the user names the policy, the password is a token of it. */
  claimByPassword(user: string, password: string): boolean {
    const policy = SERVICE_USER.exec(user)?.[1];
    return (
      policy !== undefined && parseSasToken(password)?.policyName === policy && this.claim(password) === null
    );
  }

  /** Null when the token grants ServiceConnect. */
  claim(text: string): string | null {
    const { clock } = this.hub.services;
    const problem = this.hub.policies.check(text, 'ServiceConnect', clock.now());
    const expirySeconds = parseSasToken(text)?.expirySeconds ?? 0;
    if (problem === null) this.untilMs = Math.max(this.untilMs, expirySeconds * MS_PER_SECOND);
    return problem;
  }
}

/** Answers a `put-token` request; `claim` gives null for a token that is good. */
export function answerPutToken(request: Message, claim: (token: string) => string | null): Answer {
  const { operation, type } = (request.application_properties ?? {}) as Readonly<Record<string, unknown>>;
  if (operation !== 'put-token' || type !== TOKEN_TYPE) {
    return { status: 400, description: `expected operation "put-token" of type "${TOKEN_TYPE}"` };
  }
  const problem = claim(String(request.body));
  if (problem === null) return { status: 200, description: 'OK' };
  return { status: 401, description: `unauthorized: ${problem}`, condition: 'amqp:unauthorized-access' };
}

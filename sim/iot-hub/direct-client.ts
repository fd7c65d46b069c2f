/**
 * A device's connection to a hub in the same process: what `azure-iot-device` over `mqtt-front.ts` does, without
 * the protocol, at the same virtual times.
 */
import type { Duplex } from 'node:stream';
import {
  type HubConnection,
  HubError,
  type MethodHandler,
  type OutgoingMessage,
  type Properties,
  TOKEN_VALID_SECONDS,
  type Twin,
} from '../../pipeline/camera-module/hub-connection.js';
import { LinkDownError } from '../network/index.js';
import type { Link } from '../network/link.js';
import type { IotHub } from './core.js';
import { Door } from './door.js';
import { type DeviceConnection, parseConnectionString } from './identities/connection-string.js';
import { nameOf, resourceOf } from './identities/identity.js';
import { signSasToken } from './identities/sas-token.js';
import type { MethodCall } from './session.js';

const MS_PER_SECOND = 1000;

export class DirectHubConnection implements HubConnection {
  private readonly hub: IotHub;
  private readonly link: Link | undefined;
  private readonly credentials: DeviceConnection;
  private readonly deviceTimeMs: () => number;
  private readonly methods = new Map<string, MethodHandler>();
  private desiredHandler: (patch: Properties) => void = () => {};
  private disconnectHandler: (reason: HubError) => void = () => {};
  private door: Door | null = null;
  private wire: Duplex | null = null;
  /** Rejects when the connection ends: whatever is under way ends with it. */
  private end: { readonly promise: Promise<never>; readonly reject: (reason: HubError) => void } | null =
    null;

  /** `deviceTimeMs`: what the device takes the time to be, which dates its tokens. */
  constructor(
    hub: IotHub,
    link: Link | undefined,
    connectionString: string,
    deviceTimeMs: () => number = () => hub.services.clock.now(),
  ) {
    this.deviceTimeMs = deviceTimeMs;
    this.hub = hub;
    this.link = link;
    this.credentials = parseConnectionString(connectionString);
  }

  async open(): Promise<void> {
    const { identity } = this.credentials;
    const name = nameOf(identity);
    const wire = this.dial();
    const outcome = this.hub.authenticate(name, this.token());
    if (!outcome.ok) throw new HubError('FF_HUB_REFUSED', `the hub refused '${name}': ${outcome.problem}`);
    if (!(await this.hub.admitConnection(name))) throw unreachable('too many connections a second');
    if (wire?.destroyed) throw unreachable('the link went down');
    this.end = rejection();
    this.wire = wire;
    const { record, method } = outcome;
    const door = new Door(this.hub, { record, method, isPersistent: false }, this.link, {
      desired: (patch) => this.desiredHandler(patch),
      method: (call) => this.runMethod(door, call),
      // It subscribes to none.
      message: () => {},
      closed: () => this.finish(new HubError('FF_HUB_DISCONNECTED', 'the hub ended the connection')),
    });
    this.door = door;
    wire?.once('close', () => door.close('disconnected'));
    door.subscribeDesired(true);
    door.subscribeMethods(this.methods.size > 0);
  }

  async close(): Promise<void> {
    this.disconnectHandler = () => {};
    this.door?.close('disconnected');
  }

  async getTwin(): Promise<Twin> {
    const reply = await this.under((door) => door.readTwin());
    if (!reply.ok) throw new HubError('FF_HUB_REJECTED', reply.reason);
    return reply.twin as unknown as Twin;
  }

  onDesired(handler: (patch: Properties) => void): void {
    this.desiredHandler = handler;
  }

  async report(patch: Properties): Promise<void> {
    const reply = await this.under((door) => door.report(patch));
    if (!reply.ok) throw new HubError('FF_HUB_REJECTED', reply.reason);
  }

  async send(message: OutgoingMessage): Promise<void> {
    await this.under((door) =>
      door.send({
        body: Buffer.from(message.body),
        properties: message.properties,
        system: systemPropertiesOf(message),
      }),
    );
  }

  onMethod(name: string, handler: MethodHandler): void {
    this.methods.set(name, handler);
  }

  onDisconnect(handler: (reason: HubError) => void): void {
    this.disconnectHandler = handler;
  }

  /** Through the door, or rejected when the connection ends first. */
  private under<Reply>(use: (door: Door) => Promise<Reply>): Promise<Reply> {
    const { door, end } = this;
    if (door === null || end === null) {
      return Promise.reject(new HubError('FF_HUB_DISCONNECTED', 'there is no connection to the hub'));
    }
    const reply = use(door).catch((error: unknown) => {
      // The link failed under the message; `end` says so once the connection is seen to be gone.
      if (error instanceof LinkDownError) return end.promise;
      throw error;
    });
    return Promise.race([reply, end.promise]);
  }

  private async runMethod(door: Door, { name, requestId, payload }: MethodCall): Promise<void> {
    const handler = this.methods.get(name);
    // The device SDK leaves a method without a handler unanswered; the caller times out.
    if (handler === undefined) return;
    const answer = await handler(payload);
    await door.answerMethod(requestId, answer).catch(() => {});
  }

  private finish(reason: HubError): void {
    const { end, wire } = this;
    this.door = null;
    this.wire = null;
    this.end = null;
    wire?.destroy();
    end?.reject(reason);
    this.disconnectHandler(reason);
  }

  private dial(): Duplex | null {
    if (this.link === undefined) return null;
    if (!this.link.isUp) throw unreachable(`the link ${this.link.name} is down`);
    const ends = this.link.connect();
    // Nothing travels on it; it only tells when the link is cut.
    for (const end of ends) end.on('error', () => {}).resume();
    return ends[0];
  }

  private token(): string {
    const expirySeconds = Math.floor(this.deviceTimeMs() / MS_PER_SECOND) + TOKEN_VALID_SECONDS;
    const resource = resourceOf(this.hub.settings.hostName, this.credentials.identity);
    return signSasToken(resource, this.credentials.key, expirySeconds);
  }
}

/** As the SDK puts them into the topic. */
function systemPropertiesOf({ messageId, output }: OutgoingMessage): Readonly<Record<string, string>> {
  const system = { mid: messageId, ct: 'application/json', ce: 'utf-8' };
  return output === undefined ? system : { ...system, on: output };
}

function unreachable(why: string): HubError {
  return new HubError('FF_HUB_UNREACHABLE', `the hub cannot be reached: ${why}`);
}

function rejection(): { readonly promise: Promise<never>; readonly reject: (reason: HubError) => void } {
  let reject: (reason: HubError) => void = () => {};
  const promise = new Promise<never>((_resolve, refuse) => {
    reject = refuse;
  });
  // Nothing may be under way when the connection ends.
  promise.catch(() => {});
  return { promise, reject };
}

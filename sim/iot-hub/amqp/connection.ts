/** One AMQP connection, of a back end or of devices: what its links attach to. */
import rhea, { type Connection, type EventContext, type Message, type Receiver, type Sender } from 'rhea';
import { type Answer, RequestNode } from '../../network/amqp/request-node.js';
import type { IotHub } from '../core.js';
import type { ServiceBoundKind } from '../messages/service-bound.js';
import { serveCloudToDevice } from './cloud-to-device-link.js';
import { DeviceLinks } from './device-links.js';
import { DeviceRights } from './device-rights.js';
import { serveServiceBound } from './service-bound-link.js';
import { answerPutToken, type ServiceRights } from './service-rights.js';

/** Where the built-in endpoint is. */
export interface BuiltInAddress {
  readonly scheme: 'amqp' | 'amqps';
  readonly hostName: string;
  readonly port: number;
  /** The name of the event hub. */
  readonly hub: string;
}

export interface Rights {
  readonly service: ServiceRights;
  readonly device: DeviceRights;
}

type Problem = { readonly condition: string; readonly description: string; readonly info?: object };

const CBS = '$cbs';
const CLOUD_TO_DEVICE = '/messages/devicebound';
/** In lower case: paths know no upper and lower case. The service SDKs and the documentation differ on the second. */
const SERVICE_BOUND: Readonly<Record<string, ServiceBoundKind>> = {
  '/messages/servicebound/feedback': 'feedback',
  '/messages/servicebound/filenotifications': 'file-notifications',
  '/messages/servicebound/fileuploadnotifications': 'file-notifications',
};
/** Paths of devices and modules. */
const DEVICES = /^\/devices\//i;
const EVENTS = /^\/messages\/events(\/.*)?$/i;

export function serveConnection(
  hub: IotHub,
  connection: Connection,
  rights: Rights,
  builtIn: BuiltInAddress | null,
): void {
  const cbs = new RequestNode((request) => answerClaim(rights, request));
  const devices = new DeviceLinks(hub, connection, rights.device);
  const receivers = new Set<() => void>();
  const endAll = () => {
    devices.end();
    for (const end of receivers) end();
    receivers.clear();
  };
  connection.on('connection_close', endAll);
  connection.on('disconnected', endAll);

  connection.on('receiver_open', ({ receiver }: EventContext) => {
    if (receiver === undefined) return;
    confirm(receiver);
    const path = pathOf(receiver.target?.address);
    if (path === CBS) cbs.addRequestLink(receiver);
    else if (DEVICES.test(path)) attach(devices, path, receiver);
    else if (path.toLowerCase() !== CLOUD_TO_DEVICE) refuse(receiver, notFound(path));
    else if (!rights.service.isGranted) refuse(receiver, unauthorized(path));
    else serveCloudToDevice(hub, receiver, rights.service);
  });
  connection.on('sender_open', ({ sender }: EventContext) => {
    if (sender === undefined) return;
    confirm(sender);
    const path = pathOf(sender.source?.address);
    const kind = SERVICE_BOUND[path.toLowerCase()];
    if (path === CBS) cbs.addReplyLink(sender);
    else if (DEVICES.test(path)) attach(devices, path, sender);
    else if (!rights.service.isGranted) refuse(sender, unauthorized(path));
    else if (kind !== undefined) receivers.add(serveServiceBound(hub, sender, kind, rights.service));
    else refuse(sender, redirection(path, builtIn) ?? notFound(path));
  });
}

/** A `put-token` request, of a device or of a back end by whom the token is for. */
function answerClaim({ device, service }: Rights, request: Message): Answer {
  const { name } = (request.application_properties ?? {}) as Readonly<Record<string, unknown>>;
  const identity = DeviceRights.nameIn(String(name));
  return answerPutToken(request, (token) =>
    identity === null ? service.claim(token) : device.claim(identity, token),
  );
}

function attach(devices: DeviceLinks, path: string, link: Sender | Receiver): void {
  const problem = devices.attach(path, link);
  if (problem !== null) refuse(link, problem);
}

function confirm(link: Sender | Receiver): void {
  link.set_source(link.source);
  link.set_target(link.target);
}

/** A whole URL is taken by its path. */
function pathOf(address: string | undefined): string {
  const path = (address ?? '').replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/\/$/, '');
  return path === CBS || path.startsWith('/') ? path : `/${path}`;
}

/** "The service client first needs to connect to the IoT hub endpoint and receive a redirection address." */
function redirection(path: string, builtIn: BuiltInAddress | null): Problem | null {
  const match = EVENTS.exec(path);
  if (match === null || builtIn === null) return null;
  const { hostName, hub, port, scheme } = builtIn;
  return {
    condition: 'amqp:link:redirect',
    description: 'The built-in endpoint is elsewhere.',
    info: {
      hostname: hostName,
      'network-host': hostName,
      port: rhea.types.wrap_uint(port),
      address: `${scheme}://${hostName}:${port}/${hub}${match[1] ?? ''}`,
    },
  };
}

function notFound(path: string): Problem {
  return {
    condition: 'amqp:not-found',
    description: `The messaging entity '${path}' could not be found.`,
  };
}

function unauthorized(path: string): Problem {
  return {
    condition: 'amqp:unauthorized-access',
    description: `A token that grants ServiceConnect is needed for '${path}'.`,
  };
}

/** Attaches the link and detaches it at once with the reason, as AMQP 1.0 Part 2 section 2.6.3 asks. */
function refuse(link: Sender | Receiver, problem: Problem): void {
  link.close(problem);
}

/** One back end's AMQP connection: what its links attach to. */
import rhea, { type Connection, type EventContext, type Receiver, type Sender } from 'rhea';
import { RequestNode } from '../../network/amqp/request-node.js';
import type { IotHub } from '../core.js';
import type { ServiceBoundKind } from '../messages/service-bound.js';
import { serveCloudToDevice } from './cloud-to-device-link.js';
import { serveServiceBound } from './service-bound-link.js';
import type { ServiceRights } from './service-rights.js';

/** Where the built-in endpoint is. */
export interface BuiltInAddress {
  readonly scheme: 'amqp' | 'amqps';
  readonly hostName: string;
  readonly port: number;
  /** The name of the event hub. */
  readonly hub: string;
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
const EVENTS = /^\/messages\/events(\/.*)?$/i;

export function serveServiceConnection(
  hub: IotHub,
  connection: Connection,
  rights: ServiceRights,
  builtIn: BuiltInAddress | null,
): void {
  const cbs = new RequestNode((request) => rights.answer(request));
  const receivers = new Set<() => void>();
  const endReceivers = () => {
    for (const end of receivers) end();
    receivers.clear();
  };
  connection.on('connection_close', endReceivers);
  connection.on('disconnected', endReceivers);

  connection.on('receiver_open', ({ receiver }: EventContext) => {
    if (receiver === undefined) return;
    confirm(receiver);
    const path = pathOf(receiver.target?.address);
    if (path === CBS) cbs.addRequestLink(receiver);
    else if (path.toLowerCase() !== CLOUD_TO_DEVICE) refuse(receiver, notFound(path));
    else if (!rights.isGranted) refuse(receiver, unauthorized(path));
    else serveCloudToDevice(hub, receiver, rights);
  });
  connection.on('sender_open', ({ sender }: EventContext) => {
    if (sender === undefined) return;
    confirm(sender);
    const path = pathOf(sender.source?.address);
    const kind = SERVICE_BOUND[path.toLowerCase()];
    if (path === CBS) cbs.addReplyLink(sender);
    else if (!rights.isGranted) refuse(sender, unauthorized(path));
    else if (kind !== undefined) receivers.add(serveServiceBound(hub, sender, kind, rights));
    else refuse(sender, redirection(path, builtIn) ?? notFound(path));
  });
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

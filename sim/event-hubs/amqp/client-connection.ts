/** One client's AMQP connection: what its links attach to, and whether they may. */
import type { Connection, EventContext, Message, Receiver, Sender } from 'rhea';
import { type Answer, RequestNode } from '../../network/amqp/request-node.js';
import { allowedUntilMs, type Claim, isAllowed } from '../core/access.js';
import type { AccessRight } from '../core/configuration.js';
import type { EventHubsCore } from '../core/core.js';
import type { Door } from '../core/door.js';
import { EventHubsError } from '../core/errors.js';
import { positionOfSelector } from '../core/position.js';
import { type Address, addressOf } from './address.js';
import { putToken } from './cbs.js';
import { serveConsumer } from './consumer-link.js';
import { answerWithProducer, producerRequestOf } from './idempotent-link.js';
import { readProperties } from './management.js';
import { servePublisher } from './publisher-link.js';

type AddressOf<Node extends Address['node']> = Extract<Address, { readonly node: Node }>;

const SELECTOR_FILTER = 'apache.org:selector-filter:string';
const EPOCH_PROPERTY = 'com.microsoft:epoch';
const RUNTIME_METRICS = 'com.microsoft:enable-receiver-runtime-metric';

export function serveConnection(core: EventHubsCore, door: Door, connection: Connection): void {
  const claims = new Map<string, Claim>();
  const requestNodes = new Map<string, RequestNode>();
  const consumers = new Set<() => void>();

  connection.on('sender_open', ({ sender }: EventContext) => {
    if (sender) orRefuse(sender, () => openSender(sender));
  });
  connection.on('receiver_open', ({ receiver }: EventContext) => {
    if (receiver) orRefuse(receiver, () => openReceiver(receiver));
  });
  connection.on('connection_close', closeConsumers);
  connection.on('disconnected', closeConsumers);

  function closeConsumers(): void {
    for (const close of consumers) close();
    consumers.clear();
  }

  /** The client receives on this link. */
  function openSender(link: Sender): void {
    const address = addressFor(link.source?.address);
    link.set_source(link.source);
    link.set_target(link.target);
    if (address.node === 'consumer') openConsumer(link, address);
    else requestNode(address).addReplyLink(link);
  }

  /** The client sends on this link. */
  function openReceiver(link: Receiver): void {
    const address = addressFor(link.target?.address);
    link.set_source(link.source);
    link.set_target(link.target);
    if (address.node === 'publisher') openPublisher(link, address);
    else requestNode(address).addRequestLink(link);
  }

  function openPublisher(link: Receiver, target: AddressOf<'publisher'>): void {
    const path = [
      target.hub,
      ...(target.partitionId === null ? [] : ['Partitions', target.partitionId]),
    ].join('/');
    const assertAllowed = () => assertRight(path, 'Send');
    assertAllowed();
    const hub = core.hub(target.hub);
    if (target.partitionId !== null) {
      hub.assertPartition(target.partitionId);
      const request = producerRequestOf(link);
      if (request) answerWithProducer(link, core.openProducer(target.hub, target.partitionId, request));
    }
    servePublisher(core, door, link, { hub: target.hub, partitionId: target.partitionId }, assertAllowed);
  }

  function openConsumer(link: Sender, source: AddressOf<'consumer'>): void {
    const { hub, consumerGroup, partitionId } = source;
    const path = `${hub}/ConsumerGroups/${consumerGroup}/Partitions/${partitionId}`;
    assertRight(path, 'Listen');
    const epoch: unknown = link.properties?.[EPOCH_PROPERTY];
    const receiver = core.openReceiver({
      hub,
      consumerGroup,
      partitionId,
      position: positionOfSelector(selectorOf(link)),
      name: link.name,
      epoch: epoch === undefined || epoch === null ? null : Number(epoch),
    });
    const withRuntimeMetrics = [link.desired_capabilities]
      .flat()
      .some((each) => String(each) === RUNTIME_METRICS);
    serveConsumer(core, door, link, { hub, consumerGroup, partitionId, withRuntimeMetrics }, receiver);
    const stopWatching = detachOnExpiry(link, path, 'Listen');
    const close = () => {
      stopWatching();
      receiver.close();
      consumers.delete(close);
    };
    consumers.add(close);
    link.on('sender_close', close);
  }

  /** Detaches `link` once the claim it was opened with has expired and was not renewed; the result ends the watch. */
  function detachOnExpiry(link: Sender, path: string, right: AccessRight): () => void {
    const { clock } = core.services;
    let timer = clock.after(allowedUntilMs(claims.values(), path, right) - clock.now(), check);
    function check(): void {
      const untilMs = allowedUntilMs(claims.values(), path, right);
      if (untilMs > clock.now()) timer = clock.after(untilMs - clock.now(), check);
      else
        link.close({
          condition: 'amqp:unauthorized-access',
          description: `ExpiredToken: '${right}' on '${path}' has expired.`,
        });
    }
    return () => timer.cancel();
  }

  function requestNode(address: Address): RequestNode {
    switch (address.node) {
      case 'cbs':
        return existingOrNew('$cbs', (request) => putToken(core, claims, request));
      case 'management':
        return existingOrNew('$management', (request) =>
          readProperties(core, request, (hub) => assertRight(`${hub}/$management`, 'Listen', 'Send')),
        );
      default:
        // A publisher's address to receive from, or a consumer's to send to.
        throw noSuchNode(address.hub);
    }
  }

  function existingOrNew(name: string, answer: (request: Message) => Answer): RequestNode {
    const node = requestNodes.get(name) ?? new RequestNode(answer);
    requestNodes.set(name, node);
    return node;
  }

  /** Throws unless the client has put a token that gives it one of `rights` on the entity at `path`. */
  function assertRight(path: string, ...rights: readonly AccessRight[]): void {
    const nowMs = core.services.clock.now();
    if (rights.some((right) => isAllowed(claims.values(), path, right, nowMs))) return;
    throw new EventHubsError(
      'unauthorized',
      `Unauthorized access. '${rights.join("' or '")}' claim(s) are required to perform this operation. Resource: '${path}'.`,
    );
  }
}

/** Attaches the link and detaches it at once with the reason, as AMQP 1.0 Part 2 section 2.6.3 asks. */
function orRefuse(link: Sender | Receiver, open: () => void): void {
  try {
    open();
  } catch (error) {
    if (!(error instanceof EventHubsError)) throw error;
    link.close({ condition: error.condition, description: error.message });
  }
}

function addressFor(text: string | undefined): Address {
  const address = addressOf(text ?? '');
  if (!address) throw noSuchNode(text);
  return address;
}

function noSuchNode(text: string | undefined): EventHubsError {
  return new EventHubsError('not-found', `The messaging entity '${text ?? ''}' could not be found.`);
}

/** The selector arrives as a described string. */
function selectorOf(link: Sender): string | null {
  const filter: unknown = link.source?.filter?.[SELECTOR_FILTER];
  if (filter === undefined || filter === null) return null;
  if (typeof filter === 'object' && 'value' in filter) return String(filter.value);
  return String(filter);
}

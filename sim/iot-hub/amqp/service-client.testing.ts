/** The official service SDK's AMQP client against the front in memory: its container dials here. */
import iothub from 'azure-iothub';
import { Amqp } from 'azure-iothub/dist/amqp.js';
import { Amqp as AmqpBase } from 'azure-iothub/dist/common-amqp/amqp.js';
import { NoRetry } from 'azure-iothub/dist/common-core/retry_policy.js';
import type { Connection, ConnectionOptions } from 'rhea';
import { duplexPair } from '../../network/index.js';
import type { IotHub } from '../core.js';
import type { HubAmqpFront } from './front.js';

/** The SDK keeps rhea's container to itself. */
interface ContainerOwner {
  readonly _rheaContainer: { connect(options: ConnectionOptions): Connection };
}

export function amqpServiceClient(hub: IotHub, front: HubAmqpFront, policy = 'service'): iothub.Client {
  const base = new AmqpBase(true);
  const { _rheaContainer: container } = base as unknown as ContainerOwner;
  const connect = container.connect.bind(container);
  container.connect = (options) => connect({ ...options, ...dialTo(front) } as ConnectionOptions);
  class InMemory extends Amqp {
    constructor(config: ConstructorParameters<typeof Amqp>[0]) {
      super(config, base);
    }
  }
  const client = iothub.Client.fromConnectionString(hub.policies.connectionString(policy), InMemory);
  // What is refused shall fail at once.
  client.setRetryPolicy(new NoRetry());
  return client;
}

export function dialTo(front: HubAmqpFront) {
  const dial = (_port: number, _host: string, _options: object, connected: () => void) => {
    const [client, far] = duplexPair();
    front.handle(far);
    setImmediate(connected);
    return client;
  };
  return { connection_details: () => ({ host: 'hub.test', port: 5671, connect: dial }) };
}

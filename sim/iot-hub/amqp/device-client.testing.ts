/** The official device SDK's AMQP transport against the front in memory: its container dials here. */
import { Amqp as AmqpBase } from 'azure-iot-amqp-base';
import { NoRetry } from 'azure-iot-common';
import device from 'azure-iot-device';
import { Amqp } from 'azure-iot-device-amqp';
import type { Connection, ConnectionOptions } from 'rhea';
import type { HubAmqpFront } from './front.js';
import { dialTo } from './service-client.testing.js';

/** The SDK keeps rhea's container to itself. */
interface ContainerOwner {
  readonly _rheaContainer: { connect(options: ConnectionOptions): Connection };
}

/** A transport for the SDK's `Client` and `ModuleClient`. */
export function amqpTransport(front: HubAmqpFront) {
  return class InMemory extends Amqp {
    constructor(provider: ConstructorParameters<typeof Amqp>[0]) {
      const base = new AmqpBase(false);
      const { _rheaContainer: container } = base as unknown as ContainerOwner;
      const connect = container.connect.bind(container);
      container.connect = (options) => connect({ ...options, ...dialTo(front) } as ConnectionOptions);
      super(provider, base);
    }
  };
}

export function amqpDeviceClient(front: HubAmqpFront, connectionString: string): device.Client {
  const client = device.Client.fromConnectionString(connectionString, amqpTransport(front));
  // What is refused shall fail at once.
  client.setRetryPolicy(new NoRetry());
  return client;
}

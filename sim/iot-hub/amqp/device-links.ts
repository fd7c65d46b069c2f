/** The devices and modules of one AMQP connection: a gateway may bring many. */
import type { Connection, Receiver, Sender } from 'rhea';
import type { IotHub } from '../core.js';
import { AmqpDevice } from './amqp-device.js';
import type { AmqpProblem } from './device-messages.js';
import { parseDevicePath } from './device-paths.js';
import type { DeviceRights, Proven } from './device-rights.js';

export class DeviceLinks {
  private readonly hub: IotHub;
  private readonly connection: Connection;
  private readonly rights: DeviceRights;
  private readonly devices = new Map<string, AmqpDevice>();

  constructor(hub: IotHub, connection: Connection, rights: DeviceRights) {
    this.hub = hub;
    this.connection = connection;
    this.rights = rights;
  }

  /** Serves a link to a device's `path`; what is wrong when it cannot be. */
  attach(path: string, link: Sender | Receiver): AmqpProblem | null {
    const device = parseDevicePath(path);
    if (device === null) {
      return {
        condition: 'amqp:not-found',
        description: `The messaging entity '${path}' could not be found.`,
      };
    }
    const proven = this.rights.of(device.name);
    if (proven === null) {
      return {
        condition: 'amqp:unauthorized-access',
        description: `'${device.name}' has shown neither a token nor a certificate of its own.`,
      };
    }
    const { kind, name } = device;
    const served = this.devices.get(name) ?? this.open(proven);
    if (link.is_receiver()) served.attachUp(kind, link as Receiver);
    else served.attachDown(kind, link as Sender);
    return null;
  }

  /** The connection is gone. */
  end(): void {
    for (const device of [...this.devices.values()]) device.end('disconnected');
    this.devices.clear();
  }

  private open(proven: Proven): AmqpDevice {
    const device: AmqpDevice = new AmqpDevice(this.hub, this.rights, proven, (problem) =>
      this.ended(device, problem),
    );
    this.devices.set(device.name, device);
    return device;
  }

  /** A connection without devices is of no use to its client, who would attach to nothing. */
  private ended(device: AmqpDevice, problem: AmqpProblem): void {
    if (this.devices.get(device.name) !== device) return;
    this.devices.delete(device.name);
    const isOver = this.devices.size === 0 && problem.condition !== 'amqp:link:detach-forced';
    if (isOver && this.connection.is_open()) this.connection.close({ ...problem });
  }
}

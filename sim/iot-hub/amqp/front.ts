/**
 * IoT Hub's AMQP 1.0 front ("Communicate with your IoT hub by using the AMQP Protocol"). Back ends send messages to
 * devices here, hear what became of them and of files, and find the way to the built-in endpoint; devices and modules
 * send telemetry and have their messages, methods and twins.
 */
import type { Duplex } from 'node:stream';
import rhea, { type Connection, type ConnectionOptions } from 'rhea';
import { acceptOn, transportOverStream } from '../../network/amqp/transport.js';

import type { IotHub } from '../core.js';
import { certificateOf } from '../identities/client-certificate.js';
import { MAX_TELEMETRY_BYTES } from '../limits/limits.js';
import { type BuiltInAddress, type Rights, serveConnection } from './connection.js';
import { DeviceRights } from './device-rights.js';

import { ServiceRights } from './service-rights.js';

/** Of a connection that is silent for so long. */
const IDLE_TIMEOUT_MS = 240_000;
const MAX_FRAME_BYTES = 65_536;
/** A body of the largest size with room for its properties. */
const MAX_MESSAGE_BYTES = 2 * MAX_TELEMETRY_BYTES;
const CONTAINER_ID = 'iot-hub';

export class HubAmqpFront {
  private readonly hub: IotHub;
  private readonly builtIn: BuiltInAddress | null;
  private readonly connections = new Set<Duplex>();

  /** `builtIn`: where receivers of `/messages/events` are sent; null: there is no such endpoint. */
  constructor(hub: IotHub, builtIn: BuiltInAddress | null = null) {
    this.hub = hub;
    this.builtIn = builtIn;
  }

  /** Serves a back end or a device at the other end of `socket`: TLS, a WebSocket's stream, or an in-memory pair. */
  handle(socket: Duplex): void {
    this.connections.add(socket);
    socket.once('close', () => this.connections.delete(socket));
    // rhea listens from the first byte on; a TLS or WebSocket client may be gone before.
    socket.on('error', () => {});
    const rights = {
      service: new ServiceRights(this.hub),
      device: new DeviceRights(this.hub, certificateOf(socket)),
    };
    const connection = this.newConnection(rights);
    serveConnection(this.hub, connection, rights, this.builtIn);
    acceptOn(connection, transportOverStream(socket));
  }

  /** Hangs up on everyone. */
  close(): void {
    for (const socket of this.connections) socket.destroy();
  }

  private newConnection({ device, service }: Rights): Connection {
    // A container of its own: who said what in SASL PLAIN concerns this connection alone.
    const container = rhea.create_container({ id: CONTAINER_ID });
    container.sasl_server_mechanisms.enable_anonymous();
    container.sasl_server_mechanisms.enable_plain(
      (user: string, password: string) =>
        service.claimByPassword(user, password) || device.claimByPassword(user, password),
    );
    // A client that vanishes or breaks the protocol ends its own connection, nothing else.
    for (const event of ['disconnected', 'connection_error', 'protocol_error', 'error']) {
      container.on(event, () => {});
    }
    return container.create_connection({
      container_id: CONTAINER_ID,
      idle_time_out: IDLE_TIMEOUT_MS,
      max_frame_size: MAX_FRAME_BYTES,
      reconnect: false,
      receiver_options: {
        autoaccept: false,
        credit_window: 0,
        max_message_size: MAX_MESSAGE_BYTES,
      },
    } as Partial<ConnectionOptions> as ConnectionOptions);
  }
}

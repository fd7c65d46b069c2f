import type { AddressInfo, Server } from 'node:net';

/** Loopback only: what listens here has keys that everybody knows. */
export const LOOPBACK = '127.0.0.1';

/** Where the stand-ins listen, from a base port on. With the default base, IoT Hub's MQTT has its own port, 8883. */
const PLACES = [
  'mqtt',
  'https',
  'dps',
  'blob',
  'eventHubs',
  'face',
  'powerBi',
  'health',
  'builtIn',
  'amqp',
  'cameras',
  'management',
] as const;
export type Place = (typeof PLACES)[number];
export const DEFAULT_PORT_BASE = 8883;
const MOST = 65_535;

export class PortInUseError extends Error {
  readonly code = 'FF_UP_PORT_IN_USE';
  readonly port: number;

  constructor(place: Place, port: number) {
    super(`port ${port}, for ${DESCRIBED[place]}, is in use`);
    this.port = port;
  }
}

export class PortBaseError extends RangeError {
  readonly code = 'FF_UP_PORT_BASE';
}

const DESCRIBED: Readonly<Record<Place, string>> = {
  mqtt: 'IoT Hub over MQTT',
  https: 'IoT Hub over HTTPS and WebSockets',
  dps: 'the Device Provisioning Service',
  blob: 'blob storage',
  eventHubs: 'Event Hubs',
  face: 'the Face API',
  powerBi: 'Power BI and the dashboard',
  health: 'the health endpoint',
  builtIn: "IoT Hub's built-in endpoint",
  cameras: 'what the cameras see',
  amqp: 'IoT Hub over AMQP',
  management: 'the management of keys',
};

/** 0 for a base of 0: any port that is free. Throws `PortBaseError`. */
function portOf(place: Place, base: number): number {
  const highest = MOST - PLACES.length + 1;
  if (!Number.isInteger(base) || base < 0 || base > highest) {
    throw new PortBaseError(
      `--port-base must be a whole number from 1 to ${highest}, or 0 for any free ports`,
    );
  }
  return base === 0 ? 0 : base + PLACES.indexOf(place);
}

/** Resolves to the port. Rejects with `PortInUseError` when something listens there already. */
export function listenAt(server: Server, place: Place, base: number): Promise<number> {
  const port = portOf(place, base);
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(portError(error, place, port)));
    server.listen(port, LOOPBACK, () => resolve((server.address() as AddressInfo).port));
  });
}

/** What `error`, met while listening, says to a person. */
function portError(error: NodeJS.ErrnoException, place: Place, port: number): Error {
  return error.code === 'EADDRINUSE' ? new PortInUseError(place, port) : error;
}

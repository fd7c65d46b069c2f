/** The reported properties of `$edgeHub` ("EdgeHub reported properties"), in the form of IoT Edge 1.5. */
import type { Properties } from '../../../pipeline/camera-module/hub-connection.js';
import { SCHEMA_VERSION, time, VERSION } from '../edge-agent/agent-report.js';

export interface HubClient {
  /** `<device>/<module>`. */
  readonly name: string;
  readonly isConnected: boolean;
  readonly lastConnectedTimeMs: number | null;
  readonly lastDisconnectedTimeMs: number | null;
}

export interface HubOutcome {
  readonly version: number;
  readonly code: 200 | 400;
  readonly description: string;
}

export function hubReport(
  { version, code, description }: HubOutcome,
  clients: readonly HubClient[],
): Properties {
  return {
    schemaVersion: SCHEMA_VERSION,
    version: VERSION,
    lastDesiredVersion: version,
    lastDesiredStatus: { code, description },
    clients: Object.fromEntries(clients.map((client) => [twinKey(client.name), clientReport(client)])),
  };
}

function clientReport(client: HubClient): Properties {
  return {
    status: client.isConnected ? 'Connected' : 'Disconnected',
    lastConnectedTimeUtc: time(client.lastConnectedTimeMs),
    lastDisconnectedTimeUtc: time(client.lastDisconnectedTimeMs),
  };
}

/** A name of a twin property may hold no dot, dollar or space; the runtime encodes them. */
function twinKey(name: string): string {
  return name.replace(/[%.$ ]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

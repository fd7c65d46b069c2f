/** Real services in the place of stand-ins (`--at`), by the connection strings that Azure gives out. */
import {
  type BlobConnection,
  ConnectionStringError,
  parseConnectionString,
} from '../../../blob-storage/access/connection-string.js';
import { BadInputError, fileProblem } from '../../../scenario/input-problem.js';
import { EVENT_HUB } from '../../world/services-of-a-world.js';
import type { HubPolicy } from './real-hub.js';

export interface RealEndpoints {
  /** The policy of a hub that may register devices; null: the stand-in. */
  readonly iotHub: HubPolicy | null;
  readonly blob: BlobConnection | null;
  /** Connection string of a namespace, or of the event hub in it. */
  readonly eventHubs: string | null;
  readonly face: { readonly endpoint: string; readonly key: string } | null;
}

export const NO_REAL_ENDPOINTS: RealEndpoints = { iotHub: null, blob: null, eventHubs: null, face: null };

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;
const EXPECTED =
  "the connection string of an IoT Hub ('HostName=…'), of a storage account ('AccountName=…;AccountKey=…'), of Event Hubs ('Endpoint=sb://…'), or 'Endpoint=https://…;Key=…' of a Face API";

type Fields = ReadonlyMap<string, string>;

/**
 * Throws `BadInputError` for what names no service that can take a stand-in's place, for two of one kind, and for a
 * storage account or a Face API elsewhere unless pictures may leave this machine.
 */
export function readRealEndpoints(texts: readonly string[], allowPicturesOut: boolean): RealEndpoints {
  let endpoints = NO_REAL_ENDPOINTS;
  for (const text of texts) {
    const named = endpointOf(text, allowPicturesOut);
    for (const kind of Object.keys(named) as (keyof RealEndpoints)[]) {
      if (endpoints[kind] !== null)
        throw problem(`two services would take the place of ${KINDS[kind]}`, 'one of each kind');
    }
    endpoints = { ...endpoints, ...named };
  }
  return endpoints;
}

const KINDS: Readonly<Record<keyof RealEndpoints, string>> = {
  iotHub: 'the IoT Hub',
  blob: 'blob storage',
  eventHubs: 'Event Hubs',
  face: 'the Face API',
};

/** How the places are called, with the host that is in each. */
export function describeEndpoints({ blob, eventHubs, face, iotHub }: RealEndpoints): readonly string[] {
  const hosts: Readonly<Record<keyof RealEndpoints, string | null>> = {
    iotHub: iotHub?.hostName ?? null,
    blob: blob === null ? null : new URL(blob.endpoint).host,
    eventHubs: eventHubs === null ? null : new URL(fieldsOf(eventHubs).get('endpoint') ?? '').host,
    face: face === null ? null : new URL(face.endpoint).host,
  };
  return (Object.keys(KINDS) as (keyof RealEndpoints)[]).flatMap((kind) =>
    hosts[kind] === null ? [] : [`${hosts[kind]} in the place of ${KINDS[kind]}`],
  );
}

function endpointOf(text: string, allowPicturesOut: boolean): Partial<RealEndpoints> {
  const fields = fieldsOf(text);
  const endpoint = fields.get('endpoint') ?? '';
  if (endpoint.startsWith('sb://')) return { eventHubs: eventHubsOf(text, fields) };
  if (/^https?:\/\//.test(endpoint)) return { face: faceOf(endpoint, fields, allowPicturesOut) };
  if (fields.has('hostname')) return { iotHub: iotHubOf(fields) };
  if (fields.has('accountname') || fields.has('blobendpoint'))
    return { blob: accountOf(text, allowPicturesOut) };
  throw problem('no service is known by this', EXPECTED);
}

function fieldsOf(text: string): Fields {
  const pairs = text.split(';').map((pair): [string, string] => {
    const split = pair.indexOf('=');
    return [pair.slice(0, split).trim().toLowerCase(), pair.slice(split + 1)];
  });
  return new Map(pairs);
}

function iotHubOf(fields: Fields): HubPolicy {
  const hostName = fields.get('hostname') ?? '';
  const policyName = fields.get('sharedaccesskeyname');
  const key = fields.get('sharedaccesskey');
  if (hostName !== '' && policyName && key) return { hostName, policyName, key };
  const what = fields.has('deviceid')
    ? 'this is the connection string of one device; cameras are registered, which takes a policy'
    : 'the connection string of the IoT Hub has no policy with its key';
  throw problem(what, "'HostName=…;SharedAccessKeyName=iothubowner;SharedAccessKey=…'");
}

function accountOf(text: string, allowPicturesOut: boolean): BlobConnection {
  try {
    const connection = parseConnectionString(text);
    if (connection.secret.kind === 'token')
      throw problem(
        'cameras are given signatures of their own, which takes a key of the storage account',
        'AccountName=…;AccountKey=…',
      );
    keepPictures(new URL(connection.endpoint).hostname, allowPicturesOut);
    return connection;
  } catch (error) {
    if (error instanceof ConnectionStringError || error instanceof TypeError)
      throw problem(error.message, 'AccountName=…;AccountKey=…');
    throw error;
  }
}

function eventHubsOf(text: string, fields: Fields): string {
  const hub = fields.get('entitypath');
  if (hub !== undefined && hub.toLowerCase() !== EVENT_HUB) {
    throw problem(
      `the pipeline sends to the event hub '${EVENT_HUB}', not to '${hub}'`,
      `EntityPath=${EVENT_HUB}`,
    );
  }
  if (fields.get('sharedaccesskey')) return text;
  throw problem('the connection string of Event Hubs has no SharedAccessKey', EXPECTED);
}

function faceOf(
  endpoint: string,
  fields: Fields,
  allowPicturesOut: boolean,
): { readonly endpoint: string; readonly key: string } {
  const key = fields.get('key');
  if (!key) throw problem('the Face API needs a key', EXPECTED);
  keepPictures(new URL(endpoint).hostname, allowPicturesOut);
  return { endpoint: endpoint.replace(/\/$/, ''), key };
}

function keepPictures(hostName: string, allowPicturesOut: boolean): void {
  if (LOOPBACK_HOST.test(hostName) || allowPicturesOut) return;
  throw problem(
    `pictures of people would leave this machine for ${hostName}`,
    '--allow-pictures-out, if that is meant',
  );
}

function problem(message: string, expected: string): BadInputError {
  return new BadInputError([fileProblem('FF_UP_AT', '--at', message, expected)]);
}

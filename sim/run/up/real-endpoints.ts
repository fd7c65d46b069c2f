/** Real services in the place of stand-ins (`--at`), by the connection strings that Azure gives out. */
import { BadInputError, fileProblem } from '../../scenario/input-problem.js';
import { EVENT_HUB } from '../world/services-of-a-world.js';

export interface RealEndpoints {
  /** Connection string of a namespace, or of the event hub in it; null: the stand-in. */
  readonly eventHubs: string | null;
  readonly face: { readonly endpoint: string; readonly key: string } | null;
}

export const NO_REAL_ENDPOINTS: RealEndpoints = { eventHubs: null, face: null };

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;
const EXPECTED =
  "'Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…' of Event Hubs, or 'Endpoint=https://…;Key=…' of a Face API";

/**
 * Throws `BadInputError` for what names no service that can take a stand-in's place, and for a Face API elsewhere
 * unless pictures may leave this machine.
 */
export function readRealEndpoints(texts: readonly string[], allowPicturesOut: boolean): RealEndpoints {
  let { eventHubs, face } = NO_REAL_ENDPOINTS;
  for (const text of texts) {
    const fields = fieldsOf(text);
    const endpoint = fields.get('endpoint') ?? '';
    if (endpoint.startsWith('sb://')) eventHubs = eventHubsOf(text, fields);
    else if (/^https?:\/\//.test(endpoint)) face = faceOf(endpoint, fields, allowPicturesOut);
    else throw problem(cannotBeSwapped(fields), EXPECTED);
  }
  return { eventHubs, face };
}

function fieldsOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(';').map((pair): [string, string] => {
    const split = pair.indexOf('=');
    return [pair.slice(0, split).trim().toLowerCase(), pair.slice(split + 1)];
  });
  return new Map(pairs);
}

function eventHubsOf(text: string, fields: ReadonlyMap<string, string>): string {
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
  fields: ReadonlyMap<string, string>,
  allowPicturesOut: boolean,
): { readonly endpoint: string; readonly key: string } {
  const key = fields.get('key');
  if (!key) throw problem('the Face API needs a key', EXPECTED);
  const { hostname } = new URL(endpoint);
  if (!LOOPBACK_HOST.test(hostname) && !allowPicturesOut) {
    throw problem(
      `pictures of people would leave this machine for ${hostname}`,
      '--allow-pictures-out, if that is meant',
    );
  }
  return { endpoint: endpoint.replace(/\/$/, ''), key };
}

function cannotBeSwapped(fields: ReadonlyMap<string, string>): string {
  if (fields.has('hostname')) {
    return 'an IoT Hub cannot take the place of its stand-in: the cameras here are known to that alone';
  }
  if (fields.has('accountname') || fields.has('blobendpoint')) {
    return 'a storage account cannot take the place of its stand-in: pictures stay on this machine';
  }
  return 'no service is known by this';
}

function problem(message: string, expected: string): BadInputError {
  return new BadInputError([fileProblem('FF_UP_AT', '--at', message, expected)]);
}

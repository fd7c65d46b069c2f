/** What names in a routing query mean ("IoT Hub message routing query syntax"). Names know no upper and lower case. */
import type { Value } from '../../../pipeline/deployment/condition/condition.js';
import type { Resolve } from '../../../pipeline/deployment/condition/evaluate.js';
import { seenByService, type TwinDocument } from '../twins/twin-document.js';
import { authMethodText, type RoutableMessage } from './message.js';

/** `twinOf` gives the twin of the message's own identity: "modules do not inherit twin tags from their device". */
export function resolverOf(message: RoutableMessage, twinOf: () => TwinDocument): Resolve {
  let body: Value | undefined | null = null;
  return ([first = '', ...rest]) => {
    switch (first.toLowerCase()) {
      case '$body':
        // "You can't run queries or functions on the entire body reference."
        if (rest.length === 0 || /^\d+$/.test(rest[0] ?? '')) return undefined;
        if (body === null) body = jsonBodyOf(message);
        return valueAt(body, rest);
      case '$twin':
        return valueAt(queriedTwin(twinOf()), rest);
      default:
        return rest.length > 0 ? undefined : propertyOf(message, first);
    }
  };
}

function propertyOf(message: RoutableMessage, name: string): Value | undefined {
  const system = name.startsWith('$') ? systemProperties(message)[name.slice(1).toLowerCase()] : undefined;
  return system ?? valueAt(message.properties, [name]);
}

function systemProperties(message: RoutableMessage): Readonly<Record<string, string | undefined>> {
  const { enqueuedAtMs, generationId, identity, system } = message;
  return {
    messageid: system.mid,
    correlationid: system.cid,
    userid: system.uid,
    contenttype: system.ct,
    contentencoding: system.ce,
    enqueuedtime: new Date(enqueuedAtMs).toISOString(),
    connectiondeviceid: identity.deviceId,
    connectionmoduleid: identity.moduleId ?? undefined,
    connectiondevicegenerationid: generationId,
    connectionauthmethod: authMethodText(message) ?? undefined,
    'dt-subject': system.sub,
  };
}

function queriedTwin({ desired, reported, tags }: TwinDocument): Value {
  return { tags, properties: { desired: seenByService(desired), reported: seenByService(reported) } };
}

function valueAt(document: Value | undefined, segments: readonly string[]): Value | undefined {
  let value = document;
  for (const segment of segments) {
    if (Array.isArray(value)) value = (value as readonly Value[])[Number(segment)];
    else if (typeof value === 'object' && value !== null) value = memberOf(value, segment);
    else return undefined;
  }
  return value;
}

function memberOf(object: object, name: string): Value | undefined {
  const lower = name.toLowerCase();
  return Object.entries(object).find(([key]) => key.toLowerCase() === lower)?.[1] as Value | undefined;
}

/** Undefined unless the message says that its body is JSON, in which encoding, and it is. */
function jsonBodyOf({ body, system }: RoutableMessage): Value | undefined {
  const [type = '', ...parameters] = (system.ct ?? '').toLowerCase().split(';');
  if (type.trim() !== 'application/json') return undefined;
  const charset = parameters.map((each) => each.trim()).find((each) => each.startsWith('charset='));
  const encoding = (system.ce ?? charset?.slice('charset='.length) ?? '').toLowerCase();
  const text = textOf(body, encoding);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

const UTF32_BYTES = 4;

function textOf(body: Uint8Array, encoding: string): string | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  switch (encoding) {
    case 'utf-8':
      return bytes.toString('utf8');
    case 'utf-16':
      return bytes.toString('utf16le');
    case 'utf-32':
      return utf32(bytes);
    default:
      return undefined;
  }
}

function utf32(bytes: Buffer): string | undefined {
  if (bytes.length % UTF32_BYTES !== 0) return undefined;
  let text = '';
  for (let at = 0; at < bytes.length; at += UTF32_BYTES) {
    const codePoint = bytes.readUInt32LE(at);
    if (codePoint > 0x10ffff) return undefined;
    text += String.fromCodePoint(codePoint);
  }
  return text;
}

/** Files of messages as a hub writes them to a container ("Azure Storage as a routing endpoint", encoding format). */
import avro from 'avsc';
import { authMethodText, type RoutableMessage } from '../../iot-hub/routing/message.js';

export type StorageEncoding = 'json' | 'avro' | 'avroDeflate';

export interface StorageFormat {
  readonly extension: string;
  readonly contentType: string;
  /** A file of `messages`, of which there is at least one. */
  encode(messages: readonly RoutableMessage[]): Promise<Uint8Array>;
}

const JSON_LINES: StorageFormat = {
  extension: 'json',
  contentType: 'application/json',
  encode: async (messages) => Buffer.from(messages.map((each) => JSON.stringify(lineOf(each))).join('\r\n')),
};

/** The record that Microsoft publishes for readers of such files. */
const MESSAGE_TYPE = avro.Type.forSchema({
  type: 'record',
  name: 'Message',
  namespace: 'Microsoft.Azure.Devices',
  fields: [
    { name: 'EnqueuedTimeUtc', type: 'string' },
    { name: 'Properties', type: { type: 'map', values: 'string' } },
    { name: 'SystemProperties', type: { type: 'map', values: 'string' } },
    { name: 'Body', type: ['null', 'bytes'] },
  ],
} as avro.Schema);

export const STORAGE_FORMATS: Readonly<Record<StorageEncoding, StorageFormat>> = {
  json: JSON_LINES,
  avro: avroFiles('null'),
  avroDeflate: avroFiles('deflate'),
};

function avroFiles(codec: 'null' | 'deflate'): StorageFormat {
  return {
    extension: 'avro',
    contentType: 'application/octet-stream',
    encode: (messages) =>
      new Promise((resolve, reject) => {
        const encoder = new avro.streams.BlockEncoder(MESSAGE_TYPE, { codec });
        const chunks: Buffer[] = [];
        encoder.on('data', (chunk: Buffer) => chunks.push(chunk));
        encoder.on('error', reject);
        encoder.on('end', () => resolve(Buffer.concat(chunks)));
        for (const message of messages) {
          const { Body: _json, ...record } = lineOf(message);
          const body = Buffer.from(message.body);
          encoder.write({ ...record, Body: body });
        }
        encoder.end();
      }),
  };
}

/** A line of a file; "JSON … must be set in the content type, else the body is base64". */
function lineOf(message: RoutableMessage) {
  const { body, enqueuedAtMs, generationId, identity, properties, system } = message;
  const enqueuedTime = new Date(enqueuedAtMs).toISOString();
  const authMethod = authMethodText(message);
  return {
    EnqueuedTimeUtc: enqueuedTime,
    Properties: properties,
    SystemProperties: {
      ...(system.mid === undefined ? {} : { messageId: system.mid }),
      ...(system.cid === undefined ? {} : { correlationId: system.cid }),
      ...(system.ct === undefined ? {} : { contentType: system.ct }),
      ...(system.ce === undefined ? {} : { contentEncoding: system.ce }),
      connectionDeviceId: identity.deviceId,
      ...(identity.moduleId === null ? {} : { connectionModuleId: identity.moduleId }),
      ...(authMethod === null
        ? {}
        : { connectionAuthMethod: authMethod, connectionDeviceGenerationId: generationId }),
      enqueuedTime,
    },
    Body: bodyOf(body, system.ct),
  };
}

function bodyOf(body: Uint8Array, contentType: string | undefined): unknown {
  const bytes = Buffer.from(body);
  if (contentType?.toLowerCase().startsWith('application/json') !== true) return bytes.toString('base64');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return bytes.toString('base64');
  }
}

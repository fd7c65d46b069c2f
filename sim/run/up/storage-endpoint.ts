/** A container of blobs that a hub writes messages to ("IoT Hub endpoints", Azure Storage as a routing endpoint). */
import { authMethodText, type RoutableMessage } from '../../iot-hub/routing/message.js';
import type { Clock, Timer } from '../../kernel/services.js';
import type { StorageEndpoint } from './routing-file.js';

export interface StorageEndpointParts {
  readonly clock: Clock;
  /** `{iothub}` in names of files. */
  readonly hubName: string;
  /** `{partition}` in names of files, by the device's id. */
  readonly partitionOf: (deviceId: string) => string;
  readonly put: (container: string, name: string, body: Uint8Array) => Promise<unknown>;
  readonly warn: (message: string) => void;
}

interface Batch {
  readonly lines: string[];
  bytes: number;
}

export class StorageSink {
  private readonly endpoint: StorageEndpoint;
  private readonly parts: StorageEndpointParts;
  private readonly batches = new Map<string, Batch>();
  private due: Timer | null = null;
  private writing: Promise<unknown> = Promise.resolve();
  private written = 0;

  constructor(endpoint: StorageEndpoint, parts: StorageEndpointParts) {
    this.endpoint = endpoint;
    this.parts = parts;
  }

  /** "Batches messages and writes data whenever the batch reaches a certain size or a certain time has elapsed." */
  take(message: RoutableMessage): void {
    const partition = this.parts.partitionOf(message.identity.deviceId);
    const batch = this.batches.get(partition) ?? { lines: [], bytes: 0 };
    this.batches.set(partition, batch);
    const line = JSON.stringify(recordOf(message));
    batch.lines.push(line);
    batch.bytes += line.length;
    if (batch.bytes >= this.endpoint.maxChunkBytes) this.write(partition, batch);
    this.due ??= this.parts.clock.after(this.endpoint.batchMs, () => void this.flush());
  }

  /** Writes what has been gathered. */
  async flush(): Promise<void> {
    this.due?.cancel();
    this.due = null;
    for (const [partition, batch] of [...this.batches]) this.write(partition, batch);
    await this.writing;
  }

  private write(partition: string, { lines }: Batch): void {
    this.batches.delete(partition);
    const { containerName, name } = this.endpoint;
    const file = `${this.fileName(partition)}-${++this.written}.json`;
    const body = Buffer.from(lines.join('\r\n'));
    this.writing = this.writing
      .then(() => this.parts.put(containerName, file, body))
      .catch((error: unknown) =>
        this.parts.warn(`endpoint '${name}': ${error instanceof Error ? error.message : String(error)}`),
      );
  }

  private fileName(partition: string): string {
    const [date = '', time = ''] = new Date(this.parts.clock.now()).toISOString().split('T');
    const [YYYY = '', MM = '', DD = ''] = date.split('-');
    const [HH = '', mm = ''] = time.split(':');
    const tokens: Readonly<Record<string, string>> = {
      '{iothub}': this.parts.hubName,
      '{partition}': partition,
      '{YYYY}': YYYY,
      '{MM}': MM,
      '{DD}': DD,
      '{HH}': HH,
      '{mm}': mm,
    };
    return this.endpoint.fileNameFormat.replace(/\{\w+\}/g, (token) => tokens[token] ?? token);
  }
}

/** A line of a file; "JSON … must be set in the content type, else the body is base64". */
function recordOf(message: RoutableMessage) {
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

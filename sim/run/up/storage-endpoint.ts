/** A container of blobs that a hub writes messages to ("IoT Hub endpoints", Azure Storage as a routing endpoint). */
import type { RoutableMessage } from '../../iot-hub/routing/message.js';
import type { Clock, Timer } from '../../kernel/services.js';
import type { StorageEndpoint } from './routing-file.js';
import { STORAGE_FORMATS } from './storage-formats.js';

export interface StorageEndpointParts {
  readonly clock: Clock;
  /** `{iothub}` in names of files. */
  readonly hubName: string;
  /** `{partition}` in names of files, by the device's id. */
  readonly partitionOf: (deviceId: string) => string;
  readonly put: (file: StoredFile) => Promise<unknown>;
  readonly warn: (message: string) => void;
}

export interface StoredFile {
  readonly container: string;
  readonly name: string;
  readonly body: Uint8Array;
  readonly contentType: string;
}

interface Batch {
  readonly messages: RoutableMessage[];
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
    const batch = this.batches.get(partition) ?? { messages: [], bytes: 0 };
    this.batches.set(partition, batch);
    batch.messages.push(message);
    batch.bytes += message.body.length;
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

  private write(partition: string, { messages }: Batch): void {
    this.batches.delete(partition);
    const { containerName: container, encoding, name: endpoint } = this.endpoint;
    const { contentType, encode, extension } = STORAGE_FORMATS[encoding];
    const name = `${this.fileName(partition)}-${++this.written}.${extension}`;
    this.writing = this.writing
      .then(() => encode(messages))
      .then((body) => this.parts.put({ container, name, body, contentType }))
      .catch((error: unknown) =>
        this.parts.warn(`endpoint '${endpoint}': ${error instanceof Error ? error.message : String(error)}`),
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

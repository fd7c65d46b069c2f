/**
 * What back ends receive from a hub over AMQP: feedback about messages to devices, in batches, and notifications of
 * uploaded files. Both have the life cycle of messages to devices.
 */
import type { KernelServices, Timer } from '../../kernel/services.js';
import type { Registry } from '../identities/registry.js';
import type { Feedback } from './cloud-to-device.js';
import type { FileNotification } from './file-upload.js';
import { LockedQueue } from './locked-queue.js';

export interface ServiceBoundMessage {
  readonly contentType: string;
  /** JSON. */
  readonly body: string;
}

export type ServiceBoundKind = 'feedback' | 'file-notifications';

/** "Cloud-to-device configuration options" and "File upload notification configuration settings", the defaults. */
const TIME_TO_LIVE_MS = 3_600_000;
const LOCK_MS = 60_000;
const MAX_DELIVERIES: Readonly<Record<ServiceBoundKind, number>> = {
  feedback: 10,
  'file-notifications': 100,
};
/** "Either when the batch reaches 64 messages, or in 15 seconds from last sent, whichever comes first." */
const BATCH_RECORDS = 64;
const BATCH_MS = 15_000;

const FEEDBACK_TYPE = 'application/vnd.microsoft.iothub.feedback.json';
const FILE_NOTIFICATION_TYPE = 'application/json';

export class ServiceBound {
  private readonly services: KernelServices;
  private readonly registry: Registry;
  private readonly queues: Readonly<Record<ServiceBoundKind, LockedQueue<ServiceBoundMessage>>>;
  private readonly wakers: Readonly<Record<ServiceBoundKind, Set<() => void>>> = {
    feedback: new Set(),
    'file-notifications': new Set(),
  };
  private batch: readonly Feedback[] = [];
  private batchDue: Timer | null = null;
  private lastBatchAtMs = Number.NEGATIVE_INFINITY;

  constructor(services: KernelServices, registry: Registry) {
    this.services = services;
    this.registry = registry;
    this.queues = {
      feedback: this.queueOf('feedback'),
      'file-notifications': this.queueOf('file-notifications'),
    };
  }

  queue(kind: ServiceBoundKind): LockedQueue<ServiceBoundMessage> {
    return this.queues[kind];
  }

  /** Calls `wake` whenever something may wait in the queue; the result ends that. */
  onAvailable(kind: ServiceBoundKind, wake: () => void): () => void {
    const wakers = this.wakers[kind];
    wakers.add(wake);
    return () => wakers.delete(wake);
  }

  addFeedback(feedback: Feedback): void {
    this.batch = [...this.batch, feedback];
    if (this.batch.length >= BATCH_RECORDS) {
      this.sendBatch();
      return;
    }
    const waitMs = this.lastBatchAtMs + BATCH_MS - this.services.clock.now();
    this.batchDue ??= this.services.clock.after(Math.max(0, waitMs), () => this.sendBatch());
  }

  addFileNotification(notification: FileNotification): void {
    const { deviceId, blobUri, blobName, updatedAtMs, sizeBytes, atMs } = notification;
    const body = {
      deviceId,
      blobUri,
      blobName,
      lastUpdatedTime: new Date(updatedAtMs).toISOString(),
      blobSizeInBytes: sizeBytes,
      enqueuedTimeUtc: new Date(atMs).toISOString(),
    };
    this.enqueue('file-notifications', { contentType: FILE_NOTIFICATION_TYPE, body: JSON.stringify(body) });
  }

  private sendBatch(): void {
    this.batchDue?.cancel();
    this.batchDue = null;
    this.lastBatchAtMs = this.services.clock.now();
    const records = this.batch.map(({ originalMessageId, deviceId, statusCode, atMs }) => ({
      originalMessageId,
      enqueuedTimeUtc: new Date(atMs).toISOString(),
      statusCode,
      description: statusCode,
      deviceId,
      deviceGenerationId: this.registry.find(deviceId)?.generationId ?? '',
    }));
    this.batch = [];
    this.enqueue('feedback', { contentType: FEEDBACK_TYPE, body: JSON.stringify(records) });
  }

  private enqueue(kind: ServiceBoundKind, message: ServiceBoundMessage): void {
    this.queues[kind].enqueue(message, this.services.clock.now() + TIME_TO_LIVE_MS);
  }

  private queueOf(kind: ServiceBoundKind): LockedQueue<ServiceBoundMessage> {
    return new LockedQueue<ServiceBoundMessage>({
      clock: this.services.clock,
      lockMs: LOCK_MS,
      maxDeliveries: MAX_DELIVERIES[kind],
      onAvailable: () => {
        for (const wake of this.wakers[kind]) wake();
      },
      onEnd: () => {},
    });
  }
}

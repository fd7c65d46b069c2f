/**
 * File upload ("Upload files with IoT Hub"): a device asks for a place in blob storage, writes there itself, and says
 * when it is done; whoever listens for file notifications hears of it.
 */
import type { KernelServices } from '../../kernel/services.js';

/** A place that a device may write one blob to. */
export interface UploadPlace {
  readonly hostName: string;
  readonly containerName: string;
  /** With its leading `?`. */
  readonly sasToken: string;
}

/** The storage account that the hub is linked to. */
export interface UploadStorage {
  placeOf(blobName: string): UploadPlace;
  /** Of a blob in the uploads' container; null: it is not there. */
  find(blobName: string): UploadedBlob | null;
}

export interface UploadedBlob {
  readonly uri: string;
  readonly sizeBytes: number;
  readonly updatedAtMs: number;
}

export interface UploadTicket extends UploadPlace {
  readonly correlationId: string;
  /** `{device}/{name}`. */
  readonly blobName: string;
}

export interface FileNotification {
  readonly deviceId: string;
  readonly blobName: string;
  readonly blobUri: string;
  readonly sizeBytes: number;
  readonly updatedAtMs: number;
  readonly atMs: number;
}

export interface UploadResult {
  readonly correlationId: string;
  readonly isSuccess: boolean;
}

export type UploadReply =
  | { readonly ok: true; readonly ticket: UploadTicket }
  | { readonly ok: false; readonly status: 400 | 403; readonly reason: string };

/** "You can initiate up to 10 concurrent file uploads per device." */
const MAX_OPEN_UPLOADS = 10;
/** "sasTtlAsIso8601", the default. */
const TICKET_LIFE_MS = 3_600_000;
const MAX_NAME_LENGTH = 1024;

interface OpenUpload {
  readonly ticket: UploadTicket;
  readonly deviceId: string;
  readonly endsAtMs: number;
}

export class FileUploads {
  private readonly services: KernelServices;
  private readonly open = new Map<string, OpenUpload>();
  private readonly listeners: ((notification: FileNotification) => void)[] = [];
  private storage: UploadStorage | null = null;

  constructor(services: KernelServices) {
    this.services = services;
  }

  /** Links a storage account; without one, uploads are refused. */
  link(storage: UploadStorage): void {
    this.storage = storage;
  }

  onNotification(listener: (notification: FileNotification) => void): void {
    this.listeners.push(listener);
  }

  begin(deviceId: string, name: string): UploadReply {
    if (this.storage === null) {
      return { ok: false, status: 400, reason: 'the hub has no storage account for uploads' };
    }
    if (name === '' || name.length > MAX_NAME_LENGTH) {
      return { ok: false, status: 400, reason: `blobName must have 1 to ${MAX_NAME_LENGTH} characters` };
    }
    const nowMs = this.services.clock.now();
    for (const [id, { endsAtMs }] of this.open) if (endsAtMs <= nowMs) this.open.delete(id);
    const ofDevice = [...this.open.values()].filter((upload) => upload.deviceId === deviceId);
    if (ofDevice.length >= MAX_OPEN_UPLOADS) {
      return { ok: false, status: 403, reason: `${MAX_OPEN_UPLOADS} uploads of '${deviceId}' are under way` };
    }
    const correlationId = this.services.rng(`iot-hub/uploads/${deviceId}/${nowMs}/${ofDevice.length}`).uuid();
    const blobName = `${deviceId}/${name}`;
    const ticket = { correlationId, blobName, ...this.storage.placeOf(blobName) };
    this.open.set(correlationId, { ticket, deviceId, endsAtMs: nowMs + TICKET_LIFE_MS });
    return { ok: true, ticket };
  }

  /**
   * False: there is no such upload of this device. "IoT Hub checks that the file upload is complete": of a blob that is
   * not there nobody is told.
   */
  finish(deviceId: string, { correlationId, isSuccess }: UploadResult): boolean {
    const upload = this.open.get(correlationId);
    if (upload?.deviceId !== deviceId) return false;
    this.open.delete(correlationId);
    const { blobName } = upload.ticket;
    this.services.trace.record('iot-hub', deviceId, 'file-uploaded', { blob: blobName, isSuccess });
    const blob = isSuccess ? (this.storage?.find(blobName) ?? null) : null;
    if (blob !== null) {
      const { uri: blobUri, sizeBytes, updatedAtMs } = blob;
      const atMs = this.services.clock.now();
      for (const listener of this.listeners) {
        listener({ deviceId, blobName, blobUri, sizeBytes, updatedAtMs, atMs });
      }
    }
    return true;
  }
}

/**
 * What happened to blobs, in the shape in which Event Grid tells it ("Azure Blob Storage as an Event Grid
 * source"), for triggers and for whoever watches an account.
 */
import { type Blob, blobTypeOf } from '../account/blob.js';
import { idOf } from '../account/ids.js';
import type { OperationName } from '../operations/operation.js';

export interface BlobEvent {
  /** The account. */
  readonly topic: string;
  readonly subject: string;
  readonly eventType: 'Microsoft.Storage.BlobCreated' | 'Microsoft.Storage.BlobDeleted';
  /** ISO 8601. */
  readonly eventTime: string;
  readonly id: string;
  readonly data: {
    readonly api: string;
    readonly requestId: string;
    readonly eTag: string;
    readonly contentType: string;
    readonly contentLength: number;
    readonly blobType: 'BlockBlob' | 'AppendBlob';
    readonly url: string;
    /** Events of one blob, in the order of this as text, are in the order in which they happened. */
    readonly sequencer: string;
    readonly storageDiagnostics: { readonly batchId: string };
  };
  readonly dataVersion: '';
  readonly metadataVersion: '1';
}

export interface BlobChange {
  readonly account: string;
  readonly container: string;
  /** As written, or as it was when it was deleted. */
  readonly blob: Blob;
  readonly by: OperationName;
  readonly atMs: number;
  /** `https://…`, without a slash at the end. */
  readonly endpoint: string;
}

const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/footfall';
const SEQUENCER_DIGITS = 32;

export function blobEvent({ account, container, blob, by, atMs, endpoint }: BlobChange): BlobEvent {
  const { name, etag, content, body } = blob;
  const isDeletion = by === 'DeleteBlob';
  const ticks = etag.replace(/^"0x|"$/g, '');
  // A deletion comes after the last write of what it deletes.
  const sequencer = `${ticks}${isDeletion ? '1' : '0'}`.padStart(SEQUENCER_DIGITS, '0');
  const id = idOf(account, container, name, etag, by);
  return {
    topic: `${SUBSCRIPTION}/providers/Microsoft.Storage/storageAccounts/${account}`,
    subject: `/blobServices/default/containers/${container}/blobs/${name}`,
    eventType: isDeletion ? 'Microsoft.Storage.BlobDeleted' : 'Microsoft.Storage.BlobCreated',
    eventTime: new Date(atMs).toISOString(),
    id,
    data: {
      api: by,
      requestId: idOf('request', id),
      eTag: etag.replaceAll('"', ''),
      contentType: content.contentType,
      contentLength: body.byteLength,
      blobType: blobTypeOf(blob),
      url: `${endpoint}/${container}/${name}`,
      sequencer,
      storageDiagnostics: { batchId: idOf('batch', id) },
    },
    dataVersion: '',
    metadataVersion: '1',
  };
}

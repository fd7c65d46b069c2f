import { fail, type Outcome, succeed } from '../failure.js';
import type { OperationName } from '../operations/operations.js';
import type { RestRequest } from './rest-request.js';

/** May be asked of any resource. */
const ACCOUNT_INFORMATION = {
  'GET account/properties': 'GetAccountInformation',
  'HEAD account/properties': 'GetAccountInformation',
} as const;

/** `METHOD restype/comp` → operation, for each level of the resource tree. */
const SERVICE_OPERATIONS: Readonly<Record<string, OperationName>> = {
  'GET /list': 'ListContainers',
  'GET service/properties': 'GetBlobServiceProperties',
  'PUT service/properties': 'SetBlobServiceProperties',
  'GET /blobs': 'FindBlobsByTags',
  'POST /batch': 'SubmitBatch',
  // The SDK takes an account in the path for a container.
  'POST container/batch': 'SubmitBatch',
  'GET service/stats': 'GetBlobServiceStats',
  ...ACCOUNT_INFORMATION,
};

const CONTAINER_OPERATIONS: Readonly<Record<string, OperationName>> = {
  ...ACCOUNT_INFORMATION,
  'PUT container/': 'CreateContainer',
  'GET container/': 'GetContainerProperties',
  'HEAD container/': 'GetContainerProperties',
  'DELETE container/': 'DeleteContainer',
  'PUT container/metadata': 'SetContainerMetadata',
  'GET container/metadata': 'GetContainerProperties',
  'HEAD container/metadata': 'GetContainerProperties',
  'GET container/acl': 'GetContainerACL',
  'HEAD container/acl': 'GetContainerACL',
  'PUT container/acl': 'SetContainerACL',
  'PUT container/lease': 'LeaseContainer',
  'GET container/blobs': 'FindBlobsByTags',
  'GET container/list': 'ListBlobs',
  'POST container/batch': 'SubmitBatch',
};

const BLOB_OPERATIONS: Readonly<Record<string, OperationName>> = {
  ...ACCOUNT_INFORMATION,
  'PUT /': 'PutBlob',
  'GET /': 'GetBlob',
  'HEAD /': 'GetBlobProperties',
  'DELETE /': 'DeleteBlob',
  'PUT /metadata': 'SetBlobMetadata',
  'GET /metadata': 'GetBlobProperties',
  'HEAD /metadata': 'GetBlobProperties',
  'PUT /properties': 'SetBlobProperties',
  'PUT /block': 'PutBlock',
  'PUT /blocklist': 'PutBlockList',
  'GET /blocklist': 'GetBlockList',
  'PUT /lease': 'LeaseBlob',
  'PUT /snapshot': 'SnapshotBlob',
  'PUT /undelete': 'UndeleteBlob',
  'GET /tags': 'GetBlobTags',
  'PUT /tags': 'SetBlobTags',
  'PUT /appendblock': 'AppendBlock',
  'PUT /seal': 'SealBlob',
  'PUT /tier': 'SetBlobTier',
  'PUT /copy': 'AbortCopyBlob',
};

/** Which operation a request asks for. */
export function identify(request: RestRequest): Outcome<OperationName> {
  const { target, method, query, headers } = request;
  const known =
    target.container === null
      ? SERVICE_OPERATIONS
      : target.blob === null
        ? CONTAINER_OPERATIONS
        : BLOB_OPERATIONS;
  const asked = `${method} ${query.get('restype') ?? ''}/${query.get('comp') ?? ''}`;
  const name = Object.hasOwn(known, asked) ? known[asked] : undefined;
  // Microsoft keeps versions of blobs beside snapshots; this service keeps none.
  if (name === undefined || query.has('versionid'))
    return fail(
      'UnsupportedOperation',
      `${method} ${request.path} restype=${query.get('restype') ?? ''} comp=${query.get('comp') ?? ''}`,
    );
  return succeed(headers['x-ms-copy-source'] === undefined ? name : fromSource(name));
}

/** Operations that share a URL with another and have their bytes from elsewhere. */
function fromSource(name: OperationName): OperationName {
  if (name === 'PutBlob') return 'CopyBlob';
  if (name === 'AppendBlock') return 'AppendBlockFromURL';
  return name === 'PutBlock' ? 'PutBlockFromURL' : name;
}

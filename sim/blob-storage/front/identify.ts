import { fail, type Outcome, succeed } from '../failure.js';
import type { OperationName } from '../operations.js';
import type { RestRequest } from './rest-request.js';

/** `METHOD restype/comp` → operation, for each level of the resource tree. */
const SERVICE_OPERATIONS: Readonly<Record<string, OperationName>> = {
  'GET /list': 'ListContainers',
  'GET service/properties': 'GetBlobServiceProperties',
  'GET account/properties': 'GetAccountInformation',
  'HEAD account/properties': 'GetAccountInformation',
};

const CONTAINER_OPERATIONS: Readonly<Record<string, OperationName>> = {
  'PUT container/': 'CreateContainer',
  'GET container/': 'GetContainerProperties',
  'HEAD container/': 'GetContainerProperties',
  'DELETE container/': 'DeleteContainer',
  'PUT container/metadata': 'SetContainerMetadata',
  'GET container/metadata': 'GetContainerProperties',
  'HEAD container/metadata': 'GetContainerProperties',
  'GET container/list': 'ListBlobs',
};

const BLOB_OPERATIONS: Readonly<Record<string, OperationName>> = {
  'PUT /': 'PutBlob',
  'GET /': 'GetBlob',
  'HEAD /': 'GetBlobProperties',
  'DELETE /': 'DeleteBlob',
  'PUT /metadata': 'SetBlobMetadata',
  'GET /metadata': 'GetBlobProperties',
  'HEAD /metadata': 'GetBlobProperties',
  'PUT /properties': 'SetBlobProperties',
};

/** Which operation a request asks for. */
export function identify(request: RestRequest): Outcome<OperationName> {
  const { target, method, query } = request;
  const known =
    target.container === null
      ? SERVICE_OPERATIONS
      : target.blob === null
        ? CONTAINER_OPERATIONS
        : BLOB_OPERATIONS;
  const asked = `${method} ${query.get('restype') ?? ''}/${query.get('comp') ?? ''}`;
  const name = known[asked];
  if (name === undefined || isBeyondThisService(name, request))
    return fail(
      'UnsupportedOperation',
      `${method} ${request.path} restype=${query.get('restype') ?? ''} comp=${query.get('comp') ?? ''}`,
    );
  return succeed(name);
}

/** Operations that share a URL with a known one and differ by a header. */
function isBeyondThisService(name: OperationName, { headers, query }: RestRequest): boolean {
  return (
    (name === 'PutBlob' && headers['x-ms-copy-source'] !== undefined) ||
    query.has('snapshot') ||
    query.has('versionid')
  );
}

/** From a REST request to the operation it asks for, and from that operation's value to the HTTP answer. */
import { contentMd5 } from '../blob.js';
import type { BlobStorage, Caller } from '../blob-storage.js';
import type { PublicAccess } from '../container.js';
import { fail, type Outcome, succeed } from '../failure.js';
import type { ListOptions } from '../listing.js';
import * as operations from '../operations.js';
import {
  blobHeaders,
  containerHeaders,
  emptyReply,
  type Reply,
  sliceReply,
  versionHeaders,
  xmlReply,
} from './reply.js';
import {
  header,
  type RestRequest,
  readConditions,
  readContent,
  readMetadata,
  readRange,
} from './rest-request.js';
import { blobListXml, containerListXml, servicePropertiesXml } from './xml.js';

/** An operation together with its rendering. */
export type RestExchange = (storage: BlobStorage, caller: Caller) => Promise<Outcome<Reply>>;

function exchangeOf<T>(operation: operations.Operation<T>, render: (value: T) => Reply): RestExchange {
  return async (storage, caller) => {
    const outcome = await storage.perform(operation, caller);
    return outcome.ok ? succeed(render(outcome.value)) : outcome;
  };
}

/** Builds the exchange for `name`, which `identify` has found in `request`. */
export function restExchange(
  name: operations.OperationName,
  request: RestRequest,
  body: Uint8Array,
): Outcome<RestExchange> {
  const { account, container, blob } = request.target;
  if (container === null) return serviceExchange(name, request);
  if (blob === null) return containerExchange(name, request, account, container);
  return blobExchange(name, request, account, container, blob, body);
}

function serviceExchange(name: operations.OperationName, request: RestRequest): Outcome<RestExchange> {
  const { account } = request.target;
  switch (name) {
    case 'ListContainers': {
      const prefix = request.query.get('prefix') ?? '';
      const endpoint = endpointOf(request);
      return succeed(
        exchangeOf(operations.listContainers(account, prefix), (containers) =>
          xmlReply(containerListXml(endpoint, prefix, includesMetadata(request), containers)),
        ),
      );
    }
    case 'GetBlobServiceProperties':
      return succeed(
        exchangeOf(operations.serviceProperties(account), () => xmlReply(servicePropertiesXml())),
      );
    case 'GetAccountInformation':
      return succeed(
        exchangeOf(operations.accountInformation(account), () =>
          emptyReply(200, { 'x-ms-sku-name': 'Standard_LRS', 'x-ms-account-kind': 'StorageV2' }),
        ),
      );
    default:
      return fail('UnsupportedOperation', name);
  }
}

function containerExchange(
  name: operations.OperationName,
  request: RestRequest,
  account: string,
  container: string,
): Outcome<RestExchange> {
  switch (name) {
    case 'CreateContainer': {
      const access = readPublicAccess(header(request, 'x-ms-blob-public-access'));
      if (access === null) return fail('InvalidHeaderValue', 'x-ms-blob-public-access is container or blob');
      const operation = operations.createContainer(account, container, readMetadata(request), access);
      return succeed(exchangeOf(operation, (properties) => emptyReply(201, versionHeaders(properties))));
    }
    case 'GetContainerProperties':
      return succeed(
        exchangeOf(operations.containerProperties(account, container), (properties) =>
          emptyReply(200, containerHeaders(properties)),
        ),
      );
    case 'SetContainerMetadata':
      return succeed(
        exchangeOf(operations.setContainerMetadata(account, container, readMetadata(request)), (properties) =>
          emptyReply(200, versionHeaders(properties)),
        ),
      );
    case 'DeleteContainer':
      return succeed(exchangeOf(operations.deleteContainer(account, container), () => emptyReply(202)));
    case 'ListBlobs': {
      const options = readListOptions(request.query);
      const endpoint = endpointOf(request);
      return succeed(
        exchangeOf(operations.listBlobs(account, container, options), (page) =>
          xmlReply(blobListXml(endpoint, container, options, includesMetadata(request), page)),
        ),
      );
    }
    default:
      return fail('UnsupportedOperation', name);
  }
}

function blobExchange(
  name: operations.OperationName,
  request: RestRequest,
  account: string,
  container: string,
  blob: string,
  body: Uint8Array,
): Outcome<RestExchange> {
  const conditions = readConditions(request);
  switch (name) {
    case 'PutBlob': {
      const type = header(request, 'x-ms-blob-type');
      if (type === undefined) return fail('MissingRequiredHeader', 'x-ms-blob-type');
      if (type !== 'BlockBlob')
        return fail('UnsupportedOperation', `x-ms-blob-type ${type}, expected BlockBlob`);
      const operation = operations.putBlob(account, container, blob, body, {
        content: readContent(request),
        metadata: readMetadata(request),
        conditions,
        expectedMd5: header(request, 'content-md5'),
      });
      return succeed(
        exchangeOf(operation, (written) =>
          emptyReply(201, {
            ...versionHeaders(written),
            'Content-MD5': contentMd5(written.body),
            ...ENCRYPTED,
          }),
        ),
      );
    }
    case 'GetBlob':
      return succeed(
        exchangeOf(operations.getBlob(account, container, blob, readRange(request), conditions), sliceReply),
      );
    case 'GetBlobProperties':
      return succeed(
        exchangeOf(operations.blobProperties(account, container, blob, conditions), (found) => ({
          ...emptyReply(200, blobHeaders(found)),
          headers: {
            ...blobHeaders(found),
            'Content-Length': found.body.byteLength,
            'Content-MD5': contentMd5(found.body),
          },
        })),
      );
    case 'SetBlobMetadata':
      return succeed(
        exchangeOf(
          operations.setBlobMetadata(account, container, blob, readMetadata(request), conditions),
          (changed) => emptyReply(200, { ...versionHeaders(changed), ...ENCRYPTED }),
        ),
      );
    case 'SetBlobProperties':
      return succeed(
        exchangeOf(
          operations.setBlobContentProperties(account, container, blob, readContent(request), conditions),
          (changed) => emptyReply(200, versionHeaders(changed)),
        ),
      );
    case 'DeleteBlob':
      return succeed(
        exchangeOf(operations.deleteBlob(account, container, blob, conditions), () =>
          emptyReply(202, { 'x-ms-delete-type-permanent': 'true' }),
        ),
      );
    default:
      return fail('UnsupportedOperation', name);
  }
}

const ENCRYPTED = { 'x-ms-request-server-encrypted': 'true' } as const;

function readPublicAccess(value: string | undefined): PublicAccess | null {
  if (value === undefined) return 'none';
  return value === 'blob' || value === 'container' ? value : null;
}

function readListOptions(query: URLSearchParams): ListOptions {
  const maxResults = query.get('maxresults');
  return {
    prefix: query.get('prefix') ?? undefined,
    delimiter: query.get('delimiter') ?? undefined,
    marker: query.get('marker') ?? undefined,
    maxResults: maxResults === null ? undefined : Number(maxResults),
  };
}

function includesMetadata(request: RestRequest): boolean {
  return (request.query.get('include') ?? '').split(',').includes('metadata');
}

function endpointOf(request: RestRequest): string {
  return `http://${request.headers.host ?? ''}/${request.target.account}`;
}

import type { PublicAccess } from '../account/container.js';
import { idOf } from '../account/ids.js';
import type { ListOptions } from '../account/listing.js';
import { fail, type Outcome } from '../failure.js';
import * as operations from '../operations/operations.js';
import { exchangeOf, type RestExchange } from './exchange.js';
import { readLeaseAction } from './lease-request.js';
import { containerHeaders, emptyReply, leaseReply, versionHeaders, xmlReply } from './reply.js';
import { endpointOf, header, includes, type RestRequest, readMetadata } from './rest-request.js';
import { blobListXml, policiesXml, taggedBlobsXml } from './xml.js';
import { readPolicies } from './xml-body.js';

/** Null for an operation on something else. */
export function containerExchange(
  name: operations.OperationName,
  request: RestRequest,
  container: string,
  body: Uint8Array,
): Outcome<RestExchange> | null {
  const { account } = request.target;
  const leaseId = header(request, 'x-ms-lease-id');
  switch (name) {
    case 'CreateContainer': {
      const access = readPublicAccess(request);
      if (access === null) return badAccess();
      const operation = operations.createContainer(account, container, readMetadata(request), access);
      return exchangeOf(operation, (properties) => emptyReply(201, versionHeaders(properties)));
    }
    case 'GetContainerProperties':
      return exchangeOf(operations.containerProperties(account, container, leaseId), (properties) =>
        emptyReply(200, containerHeaders(properties, request.nowMs)),
      );
    case 'SetContainerMetadata':
      return exchangeOf(
        operations.setContainerMetadata(account, container, readMetadata(request)),
        (properties) => emptyReply(200, versionHeaders(properties)),
      );
    case 'GetContainerACL':
      return exchangeOf(operations.containerAccess(account, container), (properties) => {
        const reply = xmlReply(policiesXml(properties.policies));
        return {
          ...reply,
          headers: { ...reply.headers, ...containerHeaders(properties, request.nowMs) },
        };
      });
    case 'SetContainerACL': {
      const access = readPublicAccess(request);
      if (access === null) return badAccess();
      const policies = readPolicies(body);
      if (!policies.ok) return policies;
      const operation = operations.setContainerAccess(account, container, access, policies.value);
      return exchangeOf(operation, (properties) => emptyReply(200, versionHeaders(properties)));
    }
    case 'LeaseContainer': {
      const newId = idOf(request.path, request.nowMs);
      const action = readLeaseAction(request, newId);
      if (!action.ok) return action;
      const operation = operations.leaseContainer(account, container, action.value);
      return exchangeOf(operation, (leased) => leaseReply(action.value, leased));
    }
    case 'DeleteContainer':
      return exchangeOf(operations.deleteContainer(account, container, leaseId), () => emptyReply(202));
    case 'ListBlobs':
      return listExchange(request, container);
    case 'FindBlobsByTags': {
      const where = request.query.get('where') ?? '';
      return exchangeOf(operations.findBlobsByTags(account, container, where), (found) =>
        xmlReply(taggedBlobsXml(endpointOf(request), where, found)),
      );
    }
    default:
      return null;
  }
}

function listExchange(request: RestRequest, container: string): Outcome<RestExchange> {
  const options = readListOptions(request);
  return exchangeOf(operations.listBlobs(request.target.account, container, options), (page) =>
    xmlReply(
      blobListXml(page, {
        endpoint: endpointOf(request),
        container,
        options,
        withMetadata: includes(request, 'metadata'),
        withTags: includes(request, 'tags'),
        nowMs: request.nowMs,
      }),
    ),
  );
}

function badAccess() {
  return fail('InvalidHeaderValue', 'x-ms-blob-public-access is container or blob');
}

function readPublicAccess(request: RestRequest): PublicAccess | null {
  const value = header(request, 'x-ms-blob-public-access');
  if (value === undefined) return 'none';
  return value === 'blob' || value === 'container' ? value : null;
}

function readListOptions(request: RestRequest): ListOptions {
  const { query } = request;
  const maxResults = query.get('maxresults');
  return {
    prefix: query.get('prefix') ?? undefined,
    delimiter: query.get('delimiter') ?? undefined,
    marker: query.get('marker') ?? undefined,
    maxResults: maxResults === null ? undefined : Number(maxResults),
    includeSnapshots: includes(request, 'snapshots'),
    includeDeleted: includes(request, 'deleted'),
  };
}

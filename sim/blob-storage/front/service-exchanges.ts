import { fail, type Outcome } from '../failure.js';
import * as operations from '../operations/operations.js';
import { exchangeOf, type RestExchange } from './exchange.js';
import { emptyReply, xmlReply } from './reply.js';
import { endpointOf, includes, type RestRequest } from './rest-request.js';
import { containerListXml, servicePropertiesXml, taggedBlobsXml } from './xml.js';
import { readDeleteRetention } from './xml-body.js';

const ACCEPTED = 202;

/** Of whatever resource it is asked. */
export function accountInformation({ target }: RestRequest): Outcome<RestExchange> {
  return exchangeOf(operations.accountInformation(target), () =>
    emptyReply(200, { 'x-ms-sku-name': 'Standard_LRS', 'x-ms-account-kind': 'StorageV2' }),
  );
}

/** Null for an operation on something else. */
export function serviceExchange(
  name: operations.OperationName,
  request: RestRequest,
  body: Uint8Array,
): Outcome<RestExchange> | null {
  const { account } = request.target;
  const endpoint = endpointOf(request);
  switch (name) {
    case 'ListContainers': {
      const prefix = request.query.get('prefix') ?? '';
      return exchangeOf(operations.listContainers(account, prefix), (containers) =>
        xmlReply(containerListXml(endpoint, prefix, includes(request, 'metadata'), containers)),
      );
    }
    case 'GetBlobServiceProperties':
      return exchangeOf(operations.serviceProperties(account), ({ deleteRetention }) =>
        xmlReply(servicePropertiesXml(deleteRetention)),
      );
    case 'SetBlobServiceProperties': {
      const retention = readDeleteRetention(body);
      if (!retention.ok) return retention;
      const operation = operations.setServiceProperties(account, retention.value);
      return exchangeOf(operation, () => emptyReply(ACCEPTED));
    }
    case 'GetBlobServiceStats':
      return fail('InvalidQueryParameterValue', 'comp=stats: asked of the secondary location only');
    case 'FindBlobsByTags': {
      const where = request.query.get('where') ?? '';
      return exchangeOf(operations.findBlobsByTags(account, null, where), (found) =>
        xmlReply(taggedBlobsXml(endpoint, where, found)),
      );
    }
    default:
      return null;
  }
}

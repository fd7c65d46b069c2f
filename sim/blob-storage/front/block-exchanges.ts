import { contentMd5 } from '../account/blob.js';
import { fail, type Outcome } from '../failure.js';
import * as operations from '../operations/operations.js';
import { readSource } from './copy-source.js';
import { exchangeOf, exchangeWith, type RestExchange } from './exchange.js';
import { ENCRYPTED, emptyReply, type Reply, versionHeaders, xmlReply } from './reply.js';
import { header, type RestRequest, readConditions, readPutOptions, readTier } from './rest-request.js';
import { blockListXml } from './xml.js';
import { readBlockList } from './xml-body.js';

const CREATED = 201;

/** Null for an operation on something else. */
export function blockExchange(
  name: operations.OperationName,
  request: RestRequest,
  container: string,
  blob: string,
  body: Uint8Array,
): Outcome<RestExchange> | null {
  const { account, snapshot = null } = request.target;
  const id = request.query.get('blockid') ?? '';
  const options = { conditions: readConditions(request), expectedMd5: header(request, 'content-md5') };
  switch (name) {
    case 'PutBlock':
      return exchangeOf(operations.putBlock(account, container, blob, id, body, options), staged);
    case 'PutBlockFromURL':
      return exchangeWith((storage, caller) => {
        const source = () => readSource(storage, caller, request).read();
        return operations.putBlockFromUrl(account, container, blob, id, source, options);
      }, staged);
    case 'PutBlockList': {
      const references = readBlockList(body);
      if (!references.ok) return references;
      // "This MD5 is … of the request body", not of the blob; the blob's own comes as x-ms-blob-content-md5.
      if (options.expectedMd5 !== undefined && options.expectedMd5 !== contentMd5(body))
        return fail('Md5Mismatch');
      const tier = readTier(request);
      if (!tier.ok) return tier;
      const operation = operations.putBlockList(account, container, blob, references.value, {
        ...readPutOptions(request),
        tier: tier.value,
      });
      return exchangeOf(operation, (written) =>
        emptyReply(CREATED, { ...versionHeaders(written), ...ENCRYPTED }),
      );
    }
    case 'GetBlockList': {
      const type = (request.query.get('blocklisttype') ?? 'committed').toLowerCase();
      return exchangeOf(operations.blockList(account, container, blob, snapshot), (list) => {
        const reply = xmlReply(blockListXml(list, type));
        const version = list.blob === null ? {} : versionHeaders(list.blob);
        const length = { 'x-ms-blob-content-length': list.blob?.body.byteLength ?? 0 };
        return { ...reply, headers: { ...reply.headers, ...version, ...length } };
      });
    }
    default:
      return null;
  }
}

function staged(md5: string): Reply {
  return emptyReply(CREATED, { 'Content-MD5': md5, ...ENCRYPTED });
}

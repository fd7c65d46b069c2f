import type { Appended, AppendOptions } from '../account/append-blobs.js';
import { fail, type Outcome, succeed } from '../failure.js';
import * as operations from '../operations/operations.js';
import { readSource } from './copy-source.js';
import { exchangeOf, exchangeWith, type RestExchange } from './exchange.js';
import { ENCRYPTED, emptyReply, type Reply, versionHeaders } from './reply.js';
import { header, type RestRequest, readConditions } from './rest-request.js';

const CREATED = 201;

/** Null for an operation on something else. */
export function appendExchange(
  name: operations.OperationName,
  request: RestRequest,
  container: string,
  blob: string,
  body: Uint8Array,
): Outcome<RestExchange> | null {
  const { account } = request.target;
  switch (name) {
    case 'AppendBlock': {
      const options = readAppendOptions(request, 'content-md5');
      if (!options.ok) return options;
      return exchangeOf(operations.appendBlock(account, container, blob, body, options.value), appended);
    }
    case 'AppendBlockFromURL': {
      const options = readAppendOptions(request, 'x-ms-source-content-md5');
      if (!options.ok) return options;
      return exchangeWith((storage, caller) => {
        const source = () => readSource(storage, caller, request).read();
        return operations.appendBlockFromUrl(account, container, blob, source, options.value);
      }, appended);
    }
    case 'SealBlob': {
      const options = readAppendOptions(request, 'content-md5');
      if (!options.ok) return options;
      const { conditions, position } = options.value;
      return exchangeOf(operations.sealBlob(account, container, blob, conditions, position), (sealed) =>
        emptyReply(200, { ...versionHeaders(sealed), 'x-ms-blob-sealed': 'true' }),
      );
    }
    case 'AbortCopyBlob':
      return exchangeOf(operations.abortCopyBlob(account, container, blob), () => emptyReply(204));
    default:
      return null;
  }
}

function appended({ blob, blockCount, md5, offset }: Appended): Reply {
  return emptyReply(CREATED, {
    ...versionHeaders(blob),
    'Content-MD5': md5,
    'x-ms-blob-append-offset': offset,
    'x-ms-blob-committed-block-count': blockCount,
    ...ENCRYPTED,
  });
}

function readAppendOptions(request: RestRequest, md5Header: string): Outcome<AppendOptions> {
  const position = readCount(request, 'x-ms-blob-condition-appendpos');
  if (!position.ok) return position;
  const most = readCount(request, 'x-ms-blob-condition-maxsize');
  if (!most.ok) return most;
  return succeed({
    conditions: readConditions(request),
    expectedMd5: header(request, md5Header),
    position: position.value,
    mostBytes: most.value,
  });
}

function readCount(request: RestRequest, name: string): Outcome<number | undefined> {
  const text = header(request, name);
  if (text === undefined) return succeed(undefined);
  const count = Number(text);
  return Number.isInteger(count) && count >= 0
    ? succeed(count)
    : fail('InvalidHeaderValue', `${name} is ${JSON.stringify(text)}, expected a number from 0 on`);
}

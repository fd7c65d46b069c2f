/** From a REST request to the operation it asks for, and from that operation's value to the HTTP answer. */
import { fail, type Outcome } from '../failure.js';
import type { OperationName } from '../operations/operations.js';
import { appendExchange } from './append-exchanges.js';
import { batchExchange } from './batch-exchange.js';
import { blobExchange } from './blob-exchanges.js';
import { blockExchange } from './block-exchanges.js';
import { containerExchange } from './container-exchanges.js';
import type { RestExchange } from './exchange.js';
import type { RestRequest } from './rest-request.js';
import { accountInformation, serviceExchange } from './service-exchanges.js';

/** Builds the exchange for `name`, which `identify` has found in `request`. */
export function restExchange(
  name: OperationName,
  request: RestRequest,
  body: Uint8Array,
): Outcome<RestExchange> {
  const { container, blob } = request.target;
  if (name === 'SubmitBatch') return batchExchange(request, body, restExchange);
  if (name === 'GetAccountInformation') return accountInformation(request);
  const exchange =
    container === null
      ? serviceExchange(name, request, body)
      : blob === null
        ? containerExchange(name, request, container, body)
        : (blobExchange(name, request, container, blob, body) ??
          blockExchange(name, request, container, blob, body) ??
          appendExchange(name, request, container, blob, body));
  return exchange ?? fail('UnsupportedOperation', name);
}

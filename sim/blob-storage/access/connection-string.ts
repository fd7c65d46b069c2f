/** "Configure Azure Storage connection strings": the parts that concern blobs. */

export interface BlobConnection {
  readonly account: string;
  /** `http://host/account`, without a slash at the end. */
  readonly endpoint: string;
  readonly secret:
    | { readonly kind: 'key'; readonly key: string }
    | { readonly kind: 'token'; readonly token: string };
}

export class ConnectionStringError extends Error {
  readonly code = 'FF_BLOB_CONNECTION_STRING';
}

/** The account and key that every emulator of Azure Storage knows, by Microsoft's documentation. */
export const DEVELOPMENT_ACCOUNT = 'devstoreaccount1';
export const DEVELOPMENT_KEY =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const DEVELOPMENT_ENDPOINT = `http://127.0.0.1:10000/${DEVELOPMENT_ACCOUNT}`;

/** Throws `ConnectionStringError` when the account or its secret cannot be read. */
export function parseConnectionString(text: string): BlobConnection {
  const parts = new Map(
    text
      .split(';')
      .filter((part) => part.includes('='))
      .map((part) => {
        const mark = part.indexOf('=');
        return [part.slice(0, mark).trim().toLowerCase(), part.slice(mark + 1).trim()] as const;
      }),
  );
  if (parts.get('usedevelopmentstorage') === 'true') {
    return {
      account: DEVELOPMENT_ACCOUNT,
      endpoint: DEVELOPMENT_ENDPOINT,
      secret: { kind: 'key', key: DEVELOPMENT_KEY },
    };
  }
  const named = parts.get('blobendpoint')?.replace(/\/$/, '');
  const account = parts.get('accountname') ?? accountOf(named);
  if (!account)
    throw new ConnectionStringError('a blob connection string needs AccountName=… or BlobEndpoint=https://…');
  const protocol = parts.get('defaultendpointsprotocol') ?? 'https';
  const suffix = parts.get('endpointsuffix') ?? 'core.windows.net';
  const endpoint = named ?? `${protocol}://${account}.blob.${suffix}`;
  const key = parts.get('accountkey');
  if (key) return { account, endpoint, secret: { kind: 'key', key } };
  const token = parts.get('sharedaccesssignature')?.replace(/^\?/, '');
  if (token) return { account, endpoint, secret: { kind: 'token', token } };
  throw new ConnectionStringError(
    `the connection string for ${account} needs AccountKey=… or SharedAccessSignature=…`,
  );
}

function accountOf(endpoint: string | undefined): string | null {
  if (endpoint === undefined || !URL.canParse(endpoint)) return null;
  const { hostname, pathname } = new URL(endpoint);
  return pathname.length > 1 ? (pathname.split('/')[1] ?? null) : (hostname.split('.')[0] ?? null);
}

export function formatConnectionString(account: string, key: string, endpoint: string): string {
  const protocol = endpoint.startsWith('https:') ? 'https' : 'http';
  return `DefaultEndpointsProtocol=${protocol};AccountName=${account};AccountKey=${key};BlobEndpoint=${endpoint};`;
}

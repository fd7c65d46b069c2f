/** Bodies of the type multipart/mixed with a whole HTTP message in each part, as "Blob Batch" sends and answers. */
import type { IncomingHttpHeaders } from 'node:http';

export interface InnerRequest {
  /** Names the part in the answer. */
  readonly contentId: string;
  readonly method: string;
  /** Path and query as they were written. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
}

export interface InnerReply {
  readonly contentId: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Uint8Array | string;
}

const LINE = '\r\n';

/** Null when the header names none. */
export function boundaryOf(contentType: string | undefined): string | null {
  const [, quoted, plain] =
    /^multipart\/mixed;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType ?? '') ?? [];
  return quoted ?? plain ?? null;
}

/** Null when `body` is no sequence of requests. */
export function readRequests(body: Uint8Array, boundary: string): readonly InnerRequest[] | null {
  const [, ...parts] = Buffer.from(body).toString('utf8').split(`--${boundary}`);
  if (!parts.at(-1)?.startsWith('--')) return null;
  const requests = parts.slice(0, -1).map(readRequest);
  return requests.every((request) => request !== null) ? requests : null;
}

function readRequest(part: string): InnerRequest | null {
  const [partHead = '', head = ''] = part.trimStart().split(/\r?\n\r?\n/);
  const [requestLine = '', ...lines] = head.split(/\r?\n/);
  const [, method, url] = /^([A-Z]+) (\/\S*) HTTP\/1\.1$/.exec(requestLine.trim()) ?? [];
  if (method === undefined || url === undefined) return null;
  const contentId = readHeaders(partHead.split(/\r?\n/))['content-id'];
  return { contentId: String(contentId ?? ''), method, url, headers: readHeaders(lines) };
}

function readHeaders(lines: readonly string[]): IncomingHttpHeaders {
  const pairs = lines.flatMap((line) => {
    const mark = line.indexOf(':');
    return mark > 0 ? [[line.slice(0, mark).trim().toLowerCase(), line.slice(mark + 1).trim()] as const] : [];
  });
  return Object.fromEntries(pairs);
}

export function writeReplies(replies: readonly InnerReply[], boundary: string): string {
  const parts = replies.map(({ body, contentId, headers, status }) => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
    return [
      `--${boundary}`,
      'Content-Type: application/http',
      ...(contentId === '' ? [] : [`Content-ID: ${contentId}`]),
      '',
      `HTTP/1.1 ${status} ${status < 400 ? 'Accepted' : 'Refused'}`,
      ...lines,
      '',
      text,
    ].join(LINE);
  });
  return [...parts, `--${boundary}--`, ''].join(LINE);
}

/** The files of the live page, read once. Nothing else of the disk can be asked for. */
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../../kernel/worker-entry.js';

export interface PageFile {
  readonly contentType: string;
  readonly content: Buffer;
}

/** The page's files by the path at which they are served. */
export type Page = ReadonlyMap<string, PageFile>;

const FILES: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'feed.js': 'text/javascript; charset=utf-8',
  'figures.js': 'text/javascript; charset=utf-8',
  'heat-map.js': 'text/javascript; charset=utf-8',
  'strings.js': 'text/javascript; charset=utf-8',
  'charts.js': 'text/javascript; charset=utf-8',
};

const pathOf = (name: string) => `/dashboard/${name === 'index.html' ? '' : name}`;

/** Where the page and its files are; the first two lead there. */
export const PAGE_PATHS: readonly string[] = ['/', '/dashboard', ...Object.keys(FILES).map(pathOf)];

/** The page loads nothing from elsewhere and may not be framed. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

export function readPage(): Page {
  const folder = join(projectRoot(dirname(fileURLToPath(import.meta.url))), 'reports', 'dashboard');
  const entries = Object.entries(FILES).map(([name, contentType]): [string, PageFile] => [
    pathOf(name),
    { contentType, content: readFileSync(join(folder, name)) },
  ]);
  return new Map(entries);
}

export function sendPageFile(response: ServerResponse, { contentType, content }: PageFile): void {
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'content-type': contentType,
    'content-length': content.length,
  });
  response.end(content);
}

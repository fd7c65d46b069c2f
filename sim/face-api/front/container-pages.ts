/** What the container answers beside its API: to people, and to the orchestrator that keeps it running. */
import express from 'express';
import { ROUTES } from '../operations/routes.js';

const SWAGGER_FILE = '/swagger/v1.0/swagger.json';

/**
 * `GET /ready` says that queries are taken, `/status` that the key it was started with is valid, `/swagger` what can
 * be asked (azure-docs, includes/cognitive-services-containers-api-documentation.md).
 */
export function containerPages(): express.Express {
  const pages = express();
  pages.disable('x-powered-by');
  pages.get('/', (_request, response) => {
    response.type('html').send('<!doctype html><title>Face</title><h1>Face: your container is running</h1>');
  });
  pages.get('/ready', (_request, response) => {
    response.json({ service: 'face', ready: 'ready' });
  });
  pages.get('/status', (_request, response) => {
    response.json({ service: 'face', apiStatus: 'Valid', apiStatusMessage: 'Api Key is valid.' });
  });
  pages.get('/swagger', (_request, response) => response.redirect(301, '/swagger/index.html'));
  pages.get('/swagger/index.html', (_request, response) => {
    response.type('html').send(operationsPage());
  });
  pages.get(SWAGGER_FILE, (_request, response) => {
    response.json(openApiDocument());
  });
  return pages;
}

function operationsPage(): string {
  const rows = ROUTES.map(
    ({ method, operation, path }) =>
      `<tr><td>${method}</td><td><code>/face/v1.0${path}</code></td><td>${operation}</td></tr>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Face API v1.0</title>
<h1>Face API v1.0</h1><p><a href="${SWAGGER_FILE}">OpenAPI document</a></p>
<table>${rows.join('\n')}</table></html>`;
}

/** OpenAPI 2.0, as the service publishes it: the operations and the parameters in their paths. */
function openApiDocument() {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, operation, path } of ROUTES) {
    const operations = paths[path] ?? {};
    paths[path] = operations;
    operations[method.toLowerCase()] = {
      operationId: operation,
      parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
        name,
        in: 'path',
        required: true,
        type: 'string',
      })),
      responses: { 200: { description: 'A successful call.' }, default: { description: 'Error response.' } },
    };
  }
  return { swagger: '2.0', info: { title: 'Face', version: '1.0' }, basePath: '/face/v1.0', paths };
}

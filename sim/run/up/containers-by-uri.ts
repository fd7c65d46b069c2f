/** Containers of any storage account, the stand-in's or a real one, by their URI with its signature. */
import type { BlobContainers } from '../../iot-hub/identities/registry-jobs.js';

export const CONTAINERS_BY_URI: BlobContainers = {
  async read(containerUri, name) {
    const response = await fetch(blobUri(containerUri, name));
    if (response.status === 404) return null;
    if (!response.ok)
      throw new Error(`${name} cannot be read: the storage account answered ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  },
  async write(containerUri, name, body) {
    const headers = { 'x-ms-blob-type': 'BlockBlob', 'content-type': 'text/plain' };
    const response = await fetch(blobUri(containerUri, name), {
      method: 'PUT',
      headers,
      body: new Uint8Array(body),
    });
    if (!response.ok)
      throw new Error(`${name} cannot be written: the storage account answered ${response.status}`);
  },
};

function blobUri(containerUri: string, name: string): URL {
  const uri = new URL(containerUri);
  uri.pathname = `${uri.pathname.replace(/\/$/, '')}/${name}`;
  return uri;
}

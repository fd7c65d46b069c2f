/** The app as it is deployed: real parts, from the app settings. Importing this file registers it. */
import { BlobServiceClient } from '@azure/storage-blob';
import { systemClock } from '../clock.js';
import { createFaceApi } from './face-client/face-api.js';
import { httpFaceExchange } from './face-client/http-exchange.js';
import { createAnalyzeFaces, type PictureStore } from './handler.js';
import { PICTURES_CONNECTION, registerAnalyzeFaces } from './register.js';
import { readFaceEndpoint, readSettings, required } from './settings.js';

// Node's own agent keeps connections alive.
const exchange = httpFaceExchange(readFaceEndpoint(process.env));

registerAnalyzeFaces(
  createAnalyzeFaces({
    faceApi: createFaceApi(exchange, { clock: systemClock }),
    pictures: picturesIn(required(process.env, PICTURES_CONNECTION, 'a storage connection string')),
    settings: readSettings(process.env),
  }),
);

function picturesIn(connectionString: string): PictureStore {
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('fromcamera');
  return {
    async delete(name) {
      await container.getBlobClient(name).deleteIfExists();
    },
  };
}

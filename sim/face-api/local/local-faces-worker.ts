/** The thread that reads faces, so that no world waits on its own for a network. */
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { startBackend } from '../../../pipeline/detection/backends.js';
import { answerRequests } from '../../kernel/answering-worker.js';
import { FaceReader, type LocalFace } from './face-reader.js';
import type { PictureToRead } from './local-faces.js';

await answerRequests<null, PictureToRead, readonly LocalFace[], null>(async () => {
  // Its results repeat to the bit.
  await startBackend('wasm');
  const reader = new FaceReader();
  return {
    ready: null,
    async answer({ jpeg, people }) {
      const image = await loadImage(Buffer.from(jpeg));
      const context = createCanvas(image.width, image.height).getContext('2d');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      const picture = { widthPixels: image.width, heightPixels: image.height, rgba: data };
      return { answer: people === 'anywhere' ? reader.search(picture) : reader.read(picture, people) };
    },
  };
});

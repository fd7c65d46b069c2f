import type { SceneCamera } from '../../camera/scene.js';
import type { Look } from '../../devkit/camera/sight.js';

/** A look into the dark store, outside opening hours: nothing to see, nothing to take a picture of. */
export function darkLook({ id, widthPixels, heightPixels }: SceneCamera, atMs: number): Look {
  return {
    capturedAtMs: atMs,
    widthPixels,
    heightPixels,
    objects: [],
    picture: () => Promise.reject(new Error(`camera ${id} takes no picture of a dark store`)),
  };
}

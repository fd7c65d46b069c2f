/** What a camera would have seen at an instant, drawn for people to look at: nothing of the world depends on it. */
import { renderBackground } from '../../camera/background.js';
import { FrameRenderer } from '../../camera/frame.js';
import { encodeJpeg } from '../../camera/jpeg.js';
import type { SceneCamera, ScenePlan, SceneShopper } from '../../camera/scene.js';

/** As wide as reports show pictures. */
const WIDTH_PIXELS = 640;

export function drawnView(
  plan: ScenePlan,
  camera: SceneCamera,
  shoppers: readonly SceneShopper[],
  atMs: number,
): Uint8Array {
  const widthPixels = Math.min(WIDTH_PIXELS, camera.widthPixels);
  const heightPixels = Math.round((camera.heightPixels * widthPixels) / camera.widthPixels);
  const background = renderBackground(plan, { ...camera, widthPixels, heightPixels });
  return encodeJpeg(new FrameRenderer(background).render(shoppers, atMs, 0));
}

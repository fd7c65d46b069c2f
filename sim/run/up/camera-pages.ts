/** What the cameras see, for people and for programs that speak the Dev Kit's camera REST. */
import { CameraViews } from '../../camera/views/camera-views.js';
import { openCameraFront } from '../../devkit/rest/camera-front.js';
import type { KernelServices } from '../../kernel/services.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import type { Camera } from '../world/cameras.js';
import type { StoreInWorld } from '../world/store-in-world.js';
import type { ServerCertificate } from './certificates.js';
import type { Closers } from './closers.js';
import type { UpDescription } from './description.js';
import { eitherHttp } from './either-port.js';
import { LOOPBACK, listenAt } from './ports.js';

export interface CameraPageParts {
  readonly services: KernelServices;
  readonly scenario: Scenario;
  readonly store: StoreInWorld;
  readonly cameras: readonly Camera[];
  /** Those that look at a real stream. */
  readonly live: ReadonlyMap<string, unknown>;
  /** Cameras that are left to hardware. */
  readonly realCameras: readonly string[];
  readonly certificate: ServerCertificate;
  readonly portBase: number;
  readonly closers: Closers;
}

export async function openCameraPages(parts: CameraPageParts): Promise<UpDescription['cameras']> {
  const { cameras, certificate, closers, portBase, realCameras, scenario, services } = parts;
  const views = new CameraViews(scenario.plan, scenario.plan.cameras);
  closers.push(() => views.close());
  const front = openCameraFront(
    cameras.map(({ kit, mount }) => ({
      id: mount.id,
      section: mount.section,
      kit: realCameras.includes(mount.id) ? null : kit,
      isPrivate: parts.live.has(mount.id),
      frame: (overlay) => frameOf(parts, views, { kit, mount }, overlay),
    })),
    services.clock,
    services.rng,
  );
  const door = eitherHttp(certificate, front.server);
  const port = await listenAt(door, 'cameras', portBase);
  closers.push(() => {
    front.close();
    door.close();
  });
  const url = `http://${LOOPBACK}:${port}/`;
  return {
    url,
    views: cameras
      .filter(({ mount }) => !realCameras.includes(mount.id))
      .map(({ mount }) => {
        const own = `${url}${encodeURIComponent(mount.id)}`;
        return {
          cameraId: mount.id,
          rest: own,
          mjpeg: `${own}/live.mjpeg`,
          snapshot: `${own}/snapshot.jpg`,
          metadata: `${own}/metadata.jsonl`,
        };
      }),
  };
}

/** With the overlay it is the frame that was looked at last, so that its boxes are where people are. */
function frameOf(
  { services, store }: CameraPageParts,
  views: CameraViews,
  { kit, mount }: Camera,
  overlay: boolean,
): Promise<Uint8Array> {
  const { lastLook, overlay: shown } = kit.hardware;
  const withBoxes = overlay && shown.style === 'inference' && lastLook !== null;
  const timeMs = withBoxes ? lastLook.capturedAtMs : services.clock.now();
  return views.frame({
    cameraId: mount.id,
    timeMs,
    shoppers: store.at(timeMs).map(({ profile, state }) => ({ profile, state })),
    boxes: withBoxes ? lastLook.objects : [],
    caption: overlay && shown.style === 'text' ? shown.text : null,
  });
}

/** A Dev Kit, its hub and the links between, in either fidelity, with everything that happens noted. */
import { readFileSync } from 'node:fs';
import { CameraModule } from '../../pipeline/camera-module/camera-module.js';
import type { Json } from '../../pipeline/camera-module/hub-connection.js';
import type { Picture, PictureStore } from '../../pipeline/camera-module/picture-store.js';
import { fillDeployment } from '../../pipeline/deployment/deployment-template.js';
import { applyDeployment, IotHub, moduleConnectionString } from '../iot-hub/index.js';
import type { Kernel } from '../kernel/index.js';
import { connectOrFail, exchange, type Link, openLink } from '../network/index.js';
import type { Look, Sight } from './camera/sight.js';
import { DevKit, type DevKitOptions } from './dev-kit.js';

export type Fidelity = 'wire' | 'direct';

export interface KitWorld {
  readonly kernel: Kernel;
  readonly hub: IotHub;
  readonly kit: DevKit;
  readonly uplink: Link;
  readonly lan: Link;
  /** `<milliseconds since the start> <what happened>`. */
  readonly lines: string[];
  readonly pictures: Picture[];
  /** Model zips by URL; a missing one cannot be fetched. */
  readonly models: Map<string, Uint8Array>;
  /** How many people the camera sees from now on. */
  people: number;
  deploy(manifest: Json): void;
}

const DEVICE = 'camera-3';
export const MODEL_URL = 'http://blob.test/models/people.zip?sig=secret';

export function ourManifest(modelUrl = MODEL_URL): Json {
  const text = readFileSync(new URL('../../pipeline/deployment/deployment.json', import.meta.url), 'utf8');
  return fillDeployment(text, {
    CAMERA_MODULE_IMAGE: 'footfall/camera-module:1.0',
    STORE_ID: 'oslo-1',
    CAMERA_ID: 'cam-3',
    CAMERA_SECTION: 'shoes',
    PICTURE_CONTAINER_SAS_URL: 'http://blob.test/fromcamera?sig=secret',
    MODEL_ZIP_URL: modelUrl,
  });
}

export async function kitWorld(
  kernel: Kernel,
  fidelity: Fidelity,
  options: Pick<DevKitOptions, 'lazyLooks' | 'programs'> = { lazyLooks: false },
): Promise<KitWorld> {
  const startMs = kernel.clock.now();
  const hub = new IotHub({ hostName: 'hub.test', size: { sku: 'S1', units: 1 } }, kernel);
  hub.registry.ensure(DEVICE);
  const uplink = openLink(kernel, 'uplink', { latencyMs: 40, bitsPerSecond: 1_000_000, lossShare: 0.02 });
  const lan = openLink(kernel, 'lan', { latencyMs: 2, bitsPerSecond: null, lossShare: 0 });
  const lines: string[] = [];
  const note = (what: string) => void lines.push(`${kernel.clock.now() - startMs} ${what}`);
  const pictures: Picture[] = [];
  const models = new Map<string, Uint8Array>();
  const view = { people: 0 };

  hub.telemetry.onRecord((record) => note(`hub has ${record.system.mid}`));
  const kit = new DevKit({
    name: DEVICE,
    services: kernel,
    moduleConnectionString: (module) =>
      moduleConnectionString(hub, uplink, hub.connectionString(DEVICE), module),
    connect: await connector(fidelity, hub, uplink),
    download: (url) =>
      exchange(lan, `model/${url}`, 0, () => {
        const model = models.get(url);
        if (model === undefined) throw new Error('404: there is no such blob');
        return model;
      }),
    sight: sightOf(kernel, view, note),
    cameraModule: (parts) => new CameraModule(parts),
    pictureStore: (sasUrl) =>
      storeOver(sasUrl, lan, pictures, (name) => note(`${sasUrl.split('?')[0]} has ${name}`)),
    observer: {
      onCaptured: ({ name, metadata }) => note(`captured ${name} with ${metadata.people.length}`),
      onUploaded: () => {},
      onReported: () => {},
      onPictureLost: ({ name }, reason) => note(`picture ${name} lost: ${reason}`),
      onMessageLost: ({ id }, reason) => note(`message ${id} lost: ${reason}`),
      onEdgeMessageLost: ({ messageId }, reason) => note(`message ${messageId} lost: ${reason}`),
      onModelInstalled: (model) => note(`model ${model.url.split('?')[0]} at ${model.targetFps} fps`),
      onDisconnected: (identity, error) => note(`${identity} ${error.code}`),
      onUnrouted: (module) => note(`${module} unrouted`),
      onWarning: (message) => note(`warning: ${message}`),
    },
    retry: { intervalMs: 5_000, jitterShare: 0.2 },
    pictureLimits: { maxItems: 1_000, maxBytes: 1e8, overflow: 'drop-oldest', timeToLiveMs: null },
    messageLimits: { maxItems: 1_000, maxBytes: 1e7, overflow: 'drop-oldest' },
    inferenceMs: 90,
    ...options,
  });
  return {
    kernel,
    hub,
    kit,
    uplink,
    lan,
    lines,
    pictures,
    models,
    get people() {
      return view.people;
    },
    set people(count) {
      view.people = count;
    },
    deploy: (manifest) => applyDeployment(hub, DEVICE, manifest),
  };
}

async function connector(fidelity: Fidelity, hub: IotHub, uplink: Link): Promise<DevKitOptions['connect']> {
  if (fidelity === 'direct') {
    const { DirectHubConnection } = await import('../iot-hub/direct-client.js');
    return (connectionString, deviceTimeMs) =>
      new DirectHubConnection(hub, uplink, connectionString, deviceTimeMs);
  }
  const { SdkHubConnection, warmUpSdk } = await import('../../pipeline/camera-module/sdk-hub-connection.js');
  const { openMqttFront } = await import('../iot-hub/mqtt/mqtt-front.js');
  await warmUpSdk();
  const front = await openMqttFront(hub);
  const dial = () => connectOrFail(uplink, (end) => front.handle(end));
  return (connectionString, deviceTimeMs) => new SdkHubConnection({ connectionString, deviceTimeMs, dial });
}

function sightOf(kernel: Kernel, view: { readonly people: number }, note: (what: string) => void): Sight {
  return {
    async load(model) {
      if (model.length === 0) throw new Error('an empty model');
      note(`sight loads ${model.length} bytes`);
      return { backend: 'test' };
    },
    async look(): Promise<Look> {
      return {
        capturedAtMs: kernel.clock.now(),
        widthPixels: 640,
        heightPixels: 480,
        objects: Array.from({ length: view.people }, (_, i) => ({
          label: 'person',
          score: 0.9,
          box: { left: 10 * i, top: 0, width: 8, height: 20 },
        })),
        picture: async () => new Uint8Array(2_000),
      };
    },
  };
}

function storeOver(
  sasUrl: string,
  link: Link,
  pictures: Picture[],
  onStored: (name: string) => void,
): PictureStore {
  if (!URL.canParse(sasUrl)) throw new Error(`'${sasUrl}' is no URL of a container`);
  return {
    put: (picture) =>
      exchange(link, picture.name, picture.jpeg.length, () => {
        pictures.push(picture);
        onStored(picture.name);
      }),
  };
}

/** Faults of the module on the camera. */
import { CameraModule, type InferenceResult } from '../../pipeline/camera-module/camera-module.js';
import type { CameraSettings } from '../../pipeline/camera-module/camera-settings.js';
import type { HubConnection } from '../../pipeline/camera-module/hub-connection.js';
import type { Mutation } from './mutation.js';

const stage = 'camera-module';
const SLOW_BY_MS = 20_000;

class ImpatientModule extends CameraModule {
  override configure(settings: CameraSettings): void {
    super.configure({ ...settings, messageDelayMs: 0 });
  }
}

class SlowClockModule extends CameraModule {
  override hear(result: InferenceResult): Promise<void> {
    return super.hear({ ...result, capturedAtMs: result.capturedAtMs - SLOW_BY_MS });
  }
}

/** The same connection, but for how it sends. */
function sending(connection: HubConnection, send: HubConnection['send']): HubConnection {
  return {
    open: () => connection.open(),
    close: () => connection.close(),
    getTwin: () => connection.getTwin(),
    onDesired: (handler) => connection.onDesired(handler),
    report: (patch) => connection.report(patch),
    onMethod: (name, handler) => connection.onMethod(name, handler),
    onDisconnect: (handler) => connection.onDisconnect(handler),
    send,
  };
}

export const CAMERA_MUTATIONS: readonly Mutation[] = [
  {
    id: 'ignored-delay',
    stage,
    plants: 'the camera takes a picture at every look, whatever its message delay',
    caughtBy: 'cameras keep their message delay',
    plant: (parts) => ({ ...parts, cameraModule: (options) => new ImpatientModule(options) }),
  },
  {
    id: 'slow-clock',
    stage,
    plants: 'pictures bear a time twenty seconds before the one that the device knows',
    caughtBy: 'a picture bears the time at which it was taken',
    plant: (parts) => ({ ...parts, cameraModule: (options) => new SlowClockModule(options) }),
  },
  {
    id: 'double-picture',
    stage,
    plants: 'every picture is uploaded twice, under two names',
    caughtBy: 'blob storage gets every picture once',
    plant: (parts) => ({
      ...parts,
      pictureStore: (store) => ({
        async put(picture) {
          await store.put(picture);
          await store.put({ ...picture, name: picture.name.replace(/\.jpg$/, '-again.jpg') });
        },
      }),
    }),
  },
  {
    id: 'double-message',
    stage,
    plants: 'every message goes to IoT Hub twice',
    caughtBy: 'IoT Hub takes every message once',
    plant: (parts) => ({
      ...parts,
      hubConnection: (connection) =>
        sending(connection, async (message) => {
          await connection.send(message);
          await connection.send(message);
        }),
    }),
  },
  {
    id: 'lost-on-reconnect',
    stage,
    plants: 'the first message after every connection is taken for sent and never goes',
    caughtBy: 'IoT Hub takes every message once',
    plant: (parts) => ({
      ...parts,
      hubConnection(connection) {
        let isFirst = true;
        return sending(connection, async (message) => {
          if (!isFirst) return connection.send(message);
          isFirst = false;
        });
      },
    }),
  },
];

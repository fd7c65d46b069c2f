/** The places of the solution under test at which a fault can be planted: its parts, or wrappers around them. */
import type { AnalysisStrategies } from '../../pipeline/analyze-faces/index.js';
import { suppressSmallGroups } from '../../pipeline/anonymization/index.js';
import { CameraModule, type CameraModuleOptions } from '../../pipeline/camera-module/camera-module.js';
import type { HubConnection } from '../../pipeline/camera-module/hub-connection.js';
import type { PictureStore } from '../../pipeline/camera-module/picture-store.js';
import type { EventSender } from '../functions-host/index.js';

export interface SolutionParts {
  readonly cameraModule: (options: CameraModuleOptions) => CameraModule;
  /** Around the camera's way to blob storage. */
  readonly pictureStore: (store: PictureStore) => PictureStore;
  /** Around the device's way to IoT Hub. */
  readonly hubConnection: (connection: HubConnection) => HubConnection;
  /** In place of the Function's own. */
  readonly strategies: Partial<AnalysisStrategies>;
  /** Around what the Function does with a picture that it has analysed. */
  readonly deletePicture: (remove: DeletePicture) => DeletePicture;
  /** Around the Function's way to Event Hubs. */
  readonly eventSender: (sender: EventSender) => EventSender;
  /** The Stream Analytics query. */
  readonly query: (text: string) => string;
  readonly suppressSmallGroups: typeof suppressSmallGroups;
  /** What the job writes to the dashboard of the rows that may be shown. */
  readonly pushed: (rows: readonly object[]) => readonly object[];
}

export type DeletePicture = (name: string) => Promise<void>;

const asItIs = <Part>(part: Part): Part => part;

/** The solution without any planted fault. */
export const SOUND_PARTS: SolutionParts = {
  cameraModule: (options) => new CameraModule(options),
  pictureStore: asItIs,
  hubConnection: asItIs,
  strategies: {},
  deletePicture: asItIs,
  eventSender: asItIs,
  query: asItIs,
  suppressSmallGroups,
  pushed: asItIs,
};

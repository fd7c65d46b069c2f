/** Registers the handler with the Functions programming model: its trigger, its output. */
import { app, output } from '@azure/functions';
import type { AnalyzeFaces } from './handler.js';

/** The Function's name, as receipts and logs show it. */
export const FUNCTION_NAME = 'analyzeFaces';
export const PICTURE_PATH = 'fromcamera/{name}';
/** The app settings that hold the connection strings. */
export const PICTURES_CONNECTION = 'PICTURES_STORAGE';
export const EVENTS_CONNECTION = 'FOOTFALL_EVENTS';
export const EVENT_HUB_NAME = 'footfall-events';

export function registerAnalyzeFaces(analyzeFaces: AnalyzeFaces): void {
  app.storageBlob<Uint8Array>(FUNCTION_NAME, {
    path: PICTURE_PATH,
    connection: PICTURES_CONNECTION,
    return: output.eventHub({ eventHubName: EVENT_HUB_NAME, connection: EVENTS_CONNECTION }),
    handler: (picture, context) => analyzeFaces(picture, context),
  });
}

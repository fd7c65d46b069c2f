export type { InstalledModel } from './camera/model-installer.js';
export type { Look, Sight } from './camera/sight.js';
export { DevKit, type DevKitFigures, type DevKitObserver, type DevKitOptions } from './dev-kit.js';
export type { ClockError } from './device-clock.js';

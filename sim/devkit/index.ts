export { DevKit, type DevKitFigures, type DevKitObserver, type DevKitOptions } from './dev-kit.js';
export type { InstalledModel } from './model-installer.js';
export type { Look, Sight } from './sight.js';

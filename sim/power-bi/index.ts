/** Power BI: push datasets, their REST front, and the live page that shows their rows. */
export { authorised, type Grant, type Role } from './core/access.js';
export { type PowerBiConfiguration, PowerBiCore, type PushedRows } from './core/core.js';
export { PowerBiError } from './core/errors.js';
export type { Row } from './core/rows.js';
export { directSink } from './direct-client.js';
export { PushError, type RetentionPolicyName, type RowSink } from './ports.js';
export { type FrontOptions, PowerBiFront, type StorePlan } from './rest/front.js';
export { RowOutput, type RowOutputOptions } from './row-output.js';
export { type RestEndpoint, wireSink } from './wire-client.js';

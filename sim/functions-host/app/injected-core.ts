/**
 * Puts our `@azure/functions-core` under every function app, wherever the app's own packages lie: Microsoft's
 * worker answers `require('@azure/functions-core')` itself too, because the module is on no registry.
 */
import Module, { createRequire } from 'node:module';
import type core from '@azure/functions-core';

const CORE = '@azure/functions-core';

/** By `require`, as the library asks for it, so that both have the same one. */
export const functionsCore: core.FunctionsCore = createRequire(import.meta.url)(CORE);

let isInjected = false;

/** From here on, every `require` of the injected module in this thread gets ours. */
export function injectCore(): void {
  if (isInjected) return;
  isInjected = true;
  const original = Module.prototype.require;
  const answering = function (this: Module, id: string): unknown {
    return id === CORE ? functionsCore : original.call(this, id);
  };
  Module.prototype.require = Object.assign(answering, original);
}

'use strict';
/**
 * Stands for the module that Microsoft's Functions host injects into its Node worker: what `@azure/functions`
 * calls while an app loads. One app loads at a time; the host collects what it registers.
 */

/** @type {unknown} */
let programmingModel;
/** @type {{ functions: object[], hooks: object[] } | null} Where registrations go; null between two loads. */
let loading = null;
/** @type {(level: string, category: string, message: string) => void} */
let writeLog = () => {};

function registered(list, entry) {
  list.push(entry);
  return {
    dispose() {
      const index = list.indexOf(entry);
      if (index >= 0) list.splice(index, 1);
    },
  };
}

module.exports = {
  version: '3.10.1',
  hostVersion: '4.34.0',
  setProgrammingModel(model) {
    programmingModel = model;
  },
  getProgrammingModel() {
    return programmingModel;
  },
  registerFunction(metadata, callback) {
    if (loading === null) throw new Error('A function can only be registered during app startup.');
    return registered(loading.functions, { metadata, callback });
  },
  registerHook(name, callback) {
    if (loading === null) throw new Error('A hook can only be registered during app startup.');
    return registered(loading.hooks, { name, callback });
  },
  log(level, category, message) {
    writeLog(level, category, message);
  },

  /** For the host: runs `load` and returns what registered meanwhile. */
  async collect(load) {
    if (loading !== null) throw new Error('another function app is loading');
    const collected = { functions: [], hooks: [] };
    loading = collected;
    try {
      await load();
    } finally {
      loading = null;
    }
    return collected;
  },
  /** For the host: where the library's own log lines go. */
  onLog(write) {
    writeLog = write;
  },
};

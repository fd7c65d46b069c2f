/**
 * Loads an unmodified function app, of `@azure/functions` v4 or with a function.json for each function: what its package.json, host.json and local.settings.json say,
 * and the handlers that its entry files register.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type core from '@azure/functions-core';
import { parse as parseJsonc } from 'jsonc-parser';
import { FunctionsHostError } from '../host-error.js';
import { Environment } from './environment.js';
import { legacyFunctionFolders, loadLegacyFunctions } from './function-json.js';
import { type HostOptions, parseHostJson } from './host-json.js';
import { functionsCore, injectCore } from './injected-core.js';

export type Settings = Readonly<Record<string, string>>;

export interface FunctionApp {
  readonly name: string;
  /** Null for a module of the solution in place. */
  readonly folder: string | null;
  readonly functions: readonly core.RegisteredFunction[];
  readonly hooks: readonly core.RegisteredHook[];
  readonly options: HostOptions;
  /** `Values` of local.settings.json. */
  readonly settings: Settings;
}

type Registrations = Pick<FunctionApp, 'functions' | 'hooks'>;

/** A module runs once in a thread, so what it registered then is what it registers. */
const loaded = new Map<string, Promise<Registrations>>();

/**
 * Reads the app in `folder`; its entry files find `settings`, over those of local.settings.json, in the environment.
 * Throws `FunctionsHostError`.
 */
export async function loadFunctionApp(folder: string, settings: Settings = {}): Promise<FunctionApp> {
  const root = resolve(folder);
  if (!existsSync(root))
    throw new FunctionsHostError('FF_FUNCTIONS_APP_NOT_FOUND', `${root}: there is no such folder`);
  const folders = legacyFunctionFolders(root);
  const localSettings = readLocalSettings(join(root, 'local.settings.json'));
  const environment = new Environment({ ...localSettings, ...settings });
  environment.apply();
  const registrations =
    loaded.get(root) ?? (folders.length > 0 ? collectLegacy(root, folders) : collect(root, entryFiles(root)));
  loaded.set(root, registrations);
  const registered = await registrations.finally(() => environment.restore());
  return {
    name: root.split(sep).at(-1) ?? 'app',
    folder: root,
    ...registered,
    options: readHostJson(join(root, 'host.json')),
    settings: localSettings,
  };
}

/** An app of one module that `load` imports, with the host.json of `hostJson` (a file), for a solution in place. */
export async function loadFunctionModule(
  name: string,
  hostJson: string,
  load: () => Promise<unknown>,
): Promise<FunctionApp> {
  injectCore();
  const registrations = loaded.get(name) ?? functionsCore.collect(load);
  loaded.set(name, registrations);
  return { name, folder: null, ...(await registrations), options: readHostJson(hostJson), settings: {} };
}

async function collect(root: string, entries: readonly string[]): Promise<Registrations> {
  injectCore();
  let file = '';
  try {
    return await functionsCore.collect(async () => {
      for (file of entries) await import(pathToFileURL(file).href);
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FunctionsHostError(
      'FF_FUNCTIONS_APP_FAILED_TO_LOAD',
      `${relative(process.cwd(), file) || root}: ${reason}`,
    );
  }
}

const NO_TRIGGER = { type: 'timerTrigger', name: 'unused' } as const;

/** A function.json needs the library's part that hands arguments over, whether or not the app has it. */
async function collectLegacy(root: string, folders: readonly string[]): Promise<Registrations> {
  injectCore();
  const { app } = await import('@azure/functions');
  // It puts that part in place when the first function registers with it; this one goes nowhere.
  await functionsCore.collect(async () => app.generic('unused', { trigger: NO_TRIGGER, handler: () => {} }));
  return { functions: await loadLegacyFunctions(root, folders), hooks: [] };
}

/** `main` of package.json: a file, or a pattern with `*` in its file name. */
function entryFiles(root: string): readonly string[] {
  const manifest = join(root, 'package.json');
  if (!existsSync(manifest))
    throw new FunctionsHostError('FF_FUNCTIONS_APP_NOT_FOUND', `${manifest}: there is no such file`);
  const json: unknown = parseJsonc(readFileSync(manifest, 'utf8'));
  const main = isRecord(json) && typeof json.main === 'string' ? json.main : null;
  const files = main === null ? [] : expand(root, main);
  if (files.length > 0) return files;
  throw new FunctionsHostError(
    'FF_FUNCTIONS_APP_NOT_FOUND',
    `${manifest}: main is ${JSON.stringify(main)}, which matches no file; expected the file or files that register the functions`,
  );
}

function expand(root: string, main: string): readonly string[] {
  const path = join(root, main);
  if (!main.includes('*')) return existsSync(path) ? [path] : [];
  const folder = dirname(path);
  if (!existsSync(folder)) return [];
  const pattern = path
    .slice(folder.length + 1)
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const matches = new RegExp(`^${pattern.join('.*')}$`);
  return readdirSync(folder)
    .filter((file) => matches.test(file))
    .sort()
    .map((file) => join(folder, file));
}

function readHostJson(file: string): HostOptions {
  return parseHostJson(existsSync(file) ? readFileSync(file, 'utf8') : '', file);
}

function readLocalSettings(file: string): Settings {
  if (!existsSync(file)) return {};
  const json: unknown = parseJsonc(readFileSync(file, 'utf8'));
  const values = isRecord(json) && isRecord(json.Values) ? json.Values : {};
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

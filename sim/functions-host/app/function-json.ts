/**
 * Apps of the models before v4: a folder for each function, with a function.json that says its bindings and a
 * script that exports the handler. Read into the same registrations as a v4 app makes.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type core from '@azure/functions-core';
import { parse as parseJsonc } from 'jsonc-parser';
import { z } from 'zod';
import { FunctionsHostError } from '../host-error.js';
import { adaptLegacyHandler, type LegacyHandler } from './legacy-context.js';

const FILE = 'function.json';

const schema = z.object({
  disabled: z.boolean().default(false),
  scriptFile: z.string().optional(),
  entryPoint: z.string().optional(),
  bindings: z.array(
    z.looseObject({
      name: z.string(),
      type: z.string(),
      direction: z.enum(['in', 'out']).default('in'),
    }),
  ),
});
type FunctionJson = z.output<typeof schema>;

/** Scripts that only the Functions runtime itself can run. */
const FOREIGN_SCRIPTS: Readonly<Record<string, string>> = {
  '.csx': 'C# script',
  '.dll': 'compiled .NET',
  '.fsx': 'F# script',
  '.ps1': 'PowerShell',
  '.py': 'Python',
  '.jar': 'Java',
};
const SCRIPTS = ['index.js', 'index.mjs', 'index.cjs'];

/** The folders of `root` that are functions of such an app, in the order of their names. */
export function legacyFunctionFolders(root: string): readonly string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, FILE)))
    .map(({ name }) => name)
    .sort();
}

/** Throws `FunctionsHostError` for what this host cannot run. */
export async function loadLegacyFunctions(
  root: string,
  folders: readonly string[],
): Promise<readonly core.RegisteredFunction[]> {
  const functions: core.RegisteredFunction[] = [];
  for (const name of folders) {
    const folder = join(root, name);
    const json = readFunctionJson(join(folder, FILE));
    const script = scriptOf(folder, json);
    if (json.disabled) continue;
    const handler = await importHandler(script, json.entryPoint);
    const metadata = { name, bindings: bindingsOf(json) };
    functions.push({ metadata, callback: adaptLegacyHandler(handler, metadata, folder) });
  }
  return functions;
}

function readFunctionJson(file: string): FunctionJson {
  const parsed = schema.safeParse(parseJsonc(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new FunctionsHostError(
    'FF_FUNCTIONS_APP_UNSUPPORTED',
    `${file}: ${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'invalid'}`,
  );
}

function scriptOf(folder: string, { scriptFile }: FunctionJson): string {
  const files = readdirSync(folder);
  const foreign = [...(scriptFile === undefined ? [] : [scriptFile]), ...files].find(
    (file) => extname(file) in FOREIGN_SCRIPTS,
  );
  if (foreign !== undefined && !files.some((file) => SCRIPTS.includes(file)))
    throw new FunctionsHostError(
      'FF_FUNCTIONS_APP_UNSUPPORTED',
      `${folder}: ${foreign} is ${FOREIGN_SCRIPTS[extname(foreign)]}, which only Microsoft's own Functions host can run; expected a function in JavaScript`,
    );
  const script = scriptFile ?? files.find((file) => SCRIPTS.includes(file));
  const path = script === undefined ? null : resolve(folder, script);
  if (path !== null && existsSync(path)) return path;
  throw new FunctionsHostError(
    'FF_FUNCTIONS_APP_NOT_FOUND',
    `${folder}: there is no ${script ?? SCRIPTS.join(', ')}; expected the script of the function`,
  );
}

/** As the Node worker looks for it: the entry point, a `run` or `index`, or the one thing that is exported. */
async function importHandler(script: string, entryPoint: string | undefined): Promise<LegacyHandler> {
  const reason = (text: string) =>
    new FunctionsHostError('FF_FUNCTIONS_APP_FAILED_TO_LOAD', `${script}: ${text}`);
  const module: unknown = await import(pathToFileURL(script).href).catch((error: unknown) => {
    throw reason(error instanceof Error ? error.message : String(error));
  });
  const exported = member(module, 'default') ?? module;
  const names = entryPoint === undefined ? ['run', 'index'] : [entryPoint];
  const candidates = [
    ...(entryPoint === undefined ? [exported] : []),
    ...names.map((name) => member(exported, name)),
  ];
  const handler = candidates.find((candidate) => typeof candidate === 'function');
  if (handler === undefined) throw reason(`exports no function${entryPoint ? ` ${entryPoint}` : ''}`);
  return handler as LegacyHandler;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function bindingsOf({ bindings }: FunctionJson): Record<string, core.BindingInfo> {
  return Object.fromEntries(
    bindings.map((binding) => {
      // Version 1 of the runtime called an event hub's name its path.
      const isOldHub = /^eventhub/i.test(binding.type) && binding.eventHubName === undefined;
      return [binding.name, isOldHub ? { ...binding, eventHubName: binding.path } : binding];
    }),
  );
}

/** A local runner's project: `asaproj.json` (or `*.asaproj`), `Inputs/`, `Functions/`, `JobConfig.json`, tests. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { ScriptSource } from '../engine/compile/scripts.js';
import { formatNamed } from '../formats/event-format.js';
import { ArtefactError, type InputDefinition, type JobDefinition } from './job-definition.js';
import { readSettings } from './job-settings.js';
import { listMember, readJsonFile, readText, textMember } from './json-file.js';

/** Reads the project of a folder, with or without its project file. Throws ArtefactError. */
export function readProject(folder: string, projectFile: string | undefined): JobDefinition {
  const listed = projectFile === undefined ? [] : listedFiles(projectFile);
  const queryFile = queryFileOf(folder, projectFile, listed);
  const configFile =
    listed.find((file) => basename(file).toLowerCase() === 'jobconfig.json') ??
    join(folder, 'JobConfig.json');
  const settings = existsSync(configFile) ? readSettings(readJsonFile(configFile)) : {};
  return {
    ...settings,
    query: readText(queryFile),
    queryFile,
    inputs: inputsOf(filesIn(folder, 'Inputs', '.json', listed)),
    outputs: filesIn(folder, 'Outputs', '.json', listed).map(
      (file) => textMember(readJsonFile(file), 'Name') ?? basename(file, '.json'),
    ),
    functions: filesIn(folder, 'Functions', '.js', listed).map(readFunction),
    foreignFunctions: foreignFunctionsOf(filesIn(folder, 'Functions', '.json', listed)),
    testConfigFile: [join(folder, 'test', 'testConfig.json'), join(folder, 'testConfig.json')].find(
      existsSync,
    ),
  };
}

/** The files that a project names, as absolute paths: JSON of VS Code, XML of Visual Studio. */
function listedFiles(projectFile: string): readonly string[] {
  const folder = dirname(projectFile);
  const absolute = (path: string): string => resolve(folder, path.replaceAll('\\', '/'));
  if (extname(projectFile) === '.json') {
    const project = readJsonFile(projectFile);
    const start = textMember(project, 'startFile');
    const files = listMember(project, 'configurations').map((entry) => textMember(entry, 'filePath'));
    return [start, ...files].filter((file) => file !== undefined).map(absolute);
  }
  return [...readText(projectFile).matchAll(/Include="([^"]+)"/g)].map((match) => absolute(match[1] ?? ''));
}

function queryFileOf(folder: string, projectFile: string | undefined, listed: readonly string[]): string {
  const queries = listed.filter((file) => file.endsWith('.asaql'));
  const found =
    queries.length > 0
      ? queries
      : namesIn(folder)
          .filter((name) => name.endsWith('.asaql'))
          .map((name) => join(folder, name));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const what =
    only === undefined
      ? 'there is no query in this project'
      : `there are ${found.length} queries in this project`;
  throw new ArtefactError(
    'FF_JOB_PROJECT',
    projectFile ?? folder,
    what,
    'one .asaql file, or asaproj.json with its startFile',
  );
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

const FOLDERS = ['Inputs', 'Outputs', 'Functions'];

function filesIn(
  folder: string,
  sub: string,
  extension: string,
  listed: readonly string[],
): readonly string[] {
  const directory = namesIn(folder).find((name) => name.toLowerCase() === sub.toLowerCase());
  const beside =
    directory === undefined
      ? []
      : namesIn(join(folder, directory)).map((name) => join(folder, directory, name));
  const isOther = (file: string): boolean =>
    FOLDERS.some((name) => name !== sub && name.toLowerCase() === basename(dirname(file)).toLowerCase());
  // What a project lists may lie in a folder of another name; scripts outside the known folders are functions.
  const isListed = (file: string): boolean =>
    basename(dirname(file)).toLowerCase() === sub.toLowerCase() || (extension === '.js' && !isOther(file));
  const all = new Set([...listed.filter(isListed), ...beside]);
  return [...all].filter((file) => file.endsWith(extension) && existsSync(file));
}

/** `Local_x.json` names a file of sample events; the input's own configuration says what kind it is. */
function inputsOf(files: readonly string[]): readonly InputDefinition[] {
  const inputs = new Map<string, InputDefinition>();
  for (const file of files) {
    const config = readJsonFile(file);
    const name = textMember(config, 'InputAlias') ?? textMember(config, 'Name');
    if (name === undefined) continue;
    const path = textMember(config, 'FilePath');
    const known = inputs.get(name.toLowerCase());
    const isReference = /^reference/i.test(textMember(config, 'Type') ?? '');
    inputs.set(name.toLowerCase(), {
      name: known?.name ?? name,
      kind: isReference ? 'reference' : (known?.kind ?? 'stream'),
      file: path === undefined ? known?.file : resolve(dirname(file), path.replaceAll('\\', '/')),
      format: path === undefined ? known?.format : formatNamed(textMember(config, 'Format')),
    });
  }
  return [...inputs.values()];
}

/** Configurations of functions that are no JavaScript: C# has an assembly, machine learning an endpoint. */
function foreignFunctionsOf(files: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    files.flatMap((file) => {
      const config = readJsonFile(file);
      const type = `${textMember(config, 'ScriptType') ?? ''} ${textMember(config, 'FunctionType') ?? ''}`;
      if (/javascript/i.test(type) || file.toLowerCase().endsWith('.js.json')) return [];
      const what = /csharp|c#|clr/i.test(type) ? 'a C# function' : 'a function that is no JavaScript';
      return [[textMember(config, 'Name') ?? basename(file, '.json'), what]];
    }),
  );
}

/** A function of a `Functions` folder: called by its file's name; an aggregate says how it accumulates. */
export function readFunction(file: string): ScriptSource {
  const source = readText(file);
  const kind = /\bthis\s*\.\s*accumulate\s*=/.test(source) ? 'aggregate' : 'scalar';
  return { name: basename(file).replace(/(\.uda|\.udf)?\.js$/i, ''), kind, source, file };
}

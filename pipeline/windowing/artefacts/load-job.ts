/** Any artefact that holds a job → its definition. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { isArmTemplate, readArmTemplate } from './arm-template.js';
import { ArtefactError, type JobDefinition } from './job-definition.js';
import { member, readJsonFile, readText } from './json-file.js';
import { readProject } from './project.js';

/**
 * Reads a bare `.asaql`, an ARM template (`jobName` says which job when it has several), `asaproj.json`, `*.asaproj`,
 * or the folder of a project. Throws ArtefactError with what was expected.
 */
export function loadJob(path: string, jobName?: string): JobDefinition {
  if (!existsSync(path))
    throw new ArtefactError(
      'FF_JOB_FILE',
      path,
      'there is no such file or folder',
      'a query, an ARM template or a project folder',
    );
  if (statSync(path).isDirectory()) {
    const projectFile = join(path, 'asaproj.json');
    return readProject(path, existsSync(projectFile) ? projectFile : undefined);
  }
  if (basename(path).toLowerCase() === 'asaproj.json' || extname(path) === '.asaproj') {
    return readProject(dirname(path), path);
  }
  if (extname(path) === '.json') {
    const template = readJsonFile(path);
    if (isArmTemplate(template)) return readArmTemplate(template, path, parametersBeside(path), jobName);
    throw new ArtefactError(
      'FF_JOB_KIND',
      path,
      'this JSON is neither an ARM template nor a project',
      '"resources" with a Microsoft.StreamAnalytics/streamingjobs, or asaproj.json',
    );
  }
  return {
    query: readText(path),
    queryFile: path,
    inputs: [],
    outputs: [],
    functions: [],
    foreignFunctions: {},
    testConfigFile: undefined,
  };
}

/** Values of `name.parameters.json`, or of `parameters.json` in the same folder, as Azure's tools write them. */
function parametersBeside(template: string): unknown {
  const candidates = [
    template.replace(/\.json$/i, '.parameters.json'),
    join(dirname(template), 'parameters.json'),
  ];
  const file = candidates.find((candidate) => candidate !== template && existsSync(candidate));
  return file === undefined ? undefined : member(readJsonFile(file), 'parameters');
}

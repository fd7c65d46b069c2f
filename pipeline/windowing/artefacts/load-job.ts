/** Any artefact that holds a job → its definition. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { isArmTemplate, readArmTemplate } from './arm-template.js';
import { ArtefactError, type JobDefinition } from './job-definition.js';
import { readJsonFile, readText } from './json-file.js';
import { readProject } from './project.js';

/**
 * Reads a bare `.asaql`, an ARM template, `asaproj.json`, `*.asaproj`, or the folder of a project. Throws
 * ArtefactError with what was expected.
 */
export function loadJob(path: string): JobDefinition {
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
    if (isArmTemplate(template)) return readArmTemplate(template, path);
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
    testConfigFile: undefined,
  };
}

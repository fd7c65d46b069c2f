import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { OUTPUT } from '../camera-module/camera-module.js';
import { readCameraSettings } from '../camera-module/camera-settings.js';
import type { Properties } from '../camera-module/hub-connection.js';
import { DeploymentTemplateError, fillDeployment } from './deployment-template.js';

const template = readFileSync(new URL('./deployment.json', import.meta.url), 'utf8');
const VALUES = {
  CAMERA_MODULE_IMAGE: 'footfall/camera-module:1.0',
  STORE_ID: 'oslo-1',
  CAMERA_ID: 'cam "3"',
  CAMERA_SECTION: 'shoes',
  PICTURE_CONTAINER_SAS_URL: 'http://blob.test/fromcamera?sig=x',
  MODEL_ZIP_URL: 'http://blob.test/models/people.zip',
};

interface Twin {
  readonly 'properties.desired': Properties;
}

function filled(): Readonly<Record<string, Twin>> {
  const { modulesContent } = fillDeployment(template, VALUES) as unknown as {
    readonly modulesContent: Readonly<Record<string, Twin>>;
  };
  return modulesContent;
}

describe('our deployment', () => {
  test('names one module everywhere: where it is run, configured and routed from', () => {
    const { $edgeAgent, $edgeHub, ...twins } = filled();
    const modules = Object.keys($edgeAgent?.['properties.desired'].modules as object);
    expect(Object.keys(twins)).toEqual(modules);
    const routes = Object.values($edgeHub?.['properties.desired'].routes as Record<string, string>);
    expect(routes).toEqual(
      modules.map((name) => `FROM /messages/modules/${name}/outputs/${OUTPUT} INTO $upstream`),
    );
  });

  test('asks the camera for nothing that it would not do', () => {
    const twin = filled()['footfall-camera'];
    const { problems, settings } = readCameraSettings(twin?.['properties.desired'] ?? {});
    expect(problems).toEqual([]);
    expect(settings).toMatchObject({ messageDelayMs: 3_000, objectsOfInterest: ['person'] });
  });

  test('takes values of any characters, and misses none', () => {
    expect(JSON.stringify(filled())).toContain(JSON.stringify('cam "3"'));
    const { STORE_ID: _left, ...rest } = VALUES;
    expect(() => fillDeployment(template, rest)).toThrow(
      /asks for \$\{STORE_ID\}; values are given for: CAMERA/,
    );
    expect(() => fillDeployment('{', VALUES)).toThrow(DeploymentTemplateError);
  });
});

/** Changes of cameras' desired properties while they run, as an operator would make them at IoT Hub. */
import type { Properties } from '../../../pipeline/camera-module/hub-connection.js';
import type { RunRecord } from '../../../reports/run-record.js';
import type { Clock } from '../../kernel/services.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import type { TwinChangeDocument } from '../../scenario/schema.js';
import type { Camera } from './cameras.js';
import type { WorldModels } from './models.js';
import type { WorldServices } from './services-of-a-world.js';

/** Sets a timer for every change. */
export function scheduleTwinChanges(
  clock: Clock,
  scenario: Scenario,
  { iotHub }: WorldServices,
  cameras: readonly Camera[],
  models: WorldModels,
): void {
  for (const change of scenario.document.twinChanges) {
    const desired = desiredBy(change, models);
    clock.after(scenario.startMs + change.at - clock.now(), () => {
      for (const { mount } of cameras) {
        if (change.camera !== undefined && change.camera !== mount.id) continue;
        for (const module of iotHub.registry.modulesOf(mount.id)) {
          if (!module.startsWith('$')) iotHub.twins.patchDesired(`${mount.id}/${module}`, desired);
        }
      }
    });
  }
}

function desiredBy(change: TwinChangeDocument, { ofChange }: WorldModels): Properties {
  const model = ofChange.get(change);
  if (model === undefined) return change.desired;
  return { ...change.desired, ModelZipUrl: model.url, ModelZipSha256: model.sha256 };
}

export function twinChangesOfRecord({ document, startMs }: Scenario): RunRecord['twinChanges'] {
  return document.twinChanges.map(({ at, camera, desired, model }) => ({
    at: new Date(startMs + at).toISOString(),
    camera: camera ?? null,
    what: [
      ...Object.entries(desired).map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
      ...(model === undefined ? [] : [describe(model)]),
    ].join(', '),
  }));
}

function describe(model: NonNullable<TwinChangeDocument['model']>): string {
  if ('zip' in model) return `the model ${model.zip}`;
  return `the detector for ${model.detectorInput.join(' × ')} pixels`;
}

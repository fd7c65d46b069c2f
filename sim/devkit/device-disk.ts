import { type CameraModuleDisk, emptyCameraModuleDisk } from '../../pipeline/camera-module/camera-module.js';
import type { Properties } from '../../pipeline/camera-module/hub-connection.js';
import type { ModelOnDisk } from './camera/model-installer.js';
import type { EdgeAgentDisk } from './edge-agent/edge-agent.js';
import { type EdgeHubDisk, emptyEdgeHubDisk } from './edge-hub/edge-hub.js';
import type { ReportedDisk } from './twin-reporter.js';

/** What a Dev Kit still has when it has lost its power. */
export interface DeviceDisk {
  readonly agent: EdgeAgentDisk;
  readonly hub: EdgeHubDisk & ReportedDisk;
  /** Connection strings that the identity service gave, by identity. */
  readonly identities: Map<string, string>;
  /** Desired properties of modules as the edge hub saw them last. */
  readonly twins: Map<string, Properties>;
  readonly camera: CameraModuleDisk;
  model: ModelOnDisk | null;
}

export function emptyDisk(): DeviceDisk {
  return {
    agent: { deployment: null, reported: {} },
    hub: Object.assign(emptyEdgeHubDisk(), { reported: {} }),
    identities: new Map(),
    twins: new Map(),
    camera: emptyCameraModuleDisk(),
    model: null,
  };
}

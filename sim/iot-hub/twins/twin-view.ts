/** Twins as the service side and its queries see them. */
import type { Json } from '../../../pipeline/camera-module/hub-connection.js';
import type { IotHub } from '../core.js';
import { nameOf } from '../identities/identity.js';
import type { IdentityRecord } from '../identities/registry.js';
import { seenByService, type TwinDocument } from './twin-document.js';

export type TwinView = { readonly [key: string]: Json };

export function etagOf(twin: TwinDocument): string {
  return Buffer.from(String(twin.revision)).toString('base64');
}

export function viewOf(hub: IotHub, record: IdentityRecord): TwinView {
  const name = nameOf(record.identity);
  const twin = hub.twins.get(name);
  const { deviceId, moduleId } = record.identity;
  return {
    deviceId,
    ...(moduleId === null ? {} : { moduleId }),
    etag: etagOf(twin),
    deviceEtag: record.etag,
    status: record.status,
    statusReason: record.statusReason ?? '',
    statusUpdateTime: new Date(record.statusChangedAtMs).toISOString(),
    connectionState: hub.isConnected(name) ? 'Connected' : 'Disconnected',
    cloudToDeviceMessageCount: hub.cloudToDevice.pending(name),
    authenticationType: record.proof.kind,
    version: twin.revision,
    // Modules carry no tags of their own in IoT Edge deployments, but the service keeps them all the same.
    tags: twin.tags,
    properties: { desired: seenByService(twin.desired), reported: seenByService(twin.reported) },
    capabilities: { iotEdge: record.isEdge },
    configurations: hub.configurations.statusOf(name),
  };
}

/** Automatic deployments and device configurations, and a deployment to one device. */
import type { Properties } from '../../../pipeline/camera-module/hub-connection.js';
import type { Configuration, ConfigurationSettings } from '../configurations/configurations.js';
import { applyDeployment } from '../configurations/deployment.js';
import type { IotHub } from '../core.js';
import { isObject } from '../twins/twin-document.js';
import { recordOf } from './registry-routes.js';
import {
  checkIfMatch,
  objectBody,
  pathPart,
  type ServiceReply,
  type ServiceRequest,
  textHeader,
} from './request.js';
import type { Route } from './route.js';
import { ServiceError } from './service-error.js';

export const CONFIGURATION_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/configurations', right: 'RegistryRead', handle: list },
  { method: 'GET', path: '/configurations/{id}', right: 'RegistryRead', handle: read },
  { method: 'PUT', path: '/configurations/{id}', right: 'RegistryWrite', handle: put },
  { method: 'DELETE', path: '/configurations/{id}', right: 'RegistryWrite', handle: remove },
  {
    method: 'POST',
    path: '/devices/{deviceId}/applyConfigurationContent',
    right: 'RegistryWrite',
    handle: applyContent,
  },
];

const SYSTEM_QUERIES = {
  targetedCount: 'select deviceId from devices where <target condition>',
  appliedCount: "select deviceId from devices where configurations.[[<id>]].status = 'Applied'",
  reportedSuccessfulCount:
    "select deviceId from devices.modules where moduleId = '$edgeAgent' and properties.reported.lastDesiredStatus.code = 200",
  reportedFailedCount:
    "select deviceId from devices.modules where moduleId = '$edgeAgent' and properties.reported.lastDesiredStatus.code != 200",
};

function list({ hub }: ServiceRequest): ServiceReply {
  return { status: 200, json: hub.configurations.list().map((each) => configurationDocument(hub, each)) };
}

function read(request: ServiceRequest): ServiceReply {
  return { status: 200, json: configurationDocument(request.hub, configurationOf(request)) };
}

function put(request: ServiceRequest): ServiceReply {
  const { hub } = request;
  const id = pathPart(request, 'id');
  const known = hub.configurations.get(id);
  if (textHeader(request, 'if-match') === null) {
    if (known !== undefined) {
      throw new ServiceError(409, 'ConfigurationAlreadyExists', `the configuration '${id}' is there already`);
    }
  } else checkIfMatch(request, configurationOf(request).etag);
  const configuration = hub.configurations.put(settingsOf(id, objectBody(request)));
  return { status: 200, json: configurationDocument(hub, configuration) };
}

function remove(request: ServiceRequest): ServiceReply {
  const configuration = configurationOf(request);
  checkIfMatch(request, configuration.etag);
  request.hub.configurations.remove(configuration.id);
  return { status: 204 };
}

function applyContent(request: ServiceRequest): ServiceReply {
  const { identity } = recordOf(request);
  applyDeployment(request.hub, identity.deviceId, objectBody(request));
  return { status: 204 };
}

function configurationOf(request: ServiceRequest): Configuration {
  const id = pathPart(request, 'id');
  const configuration = request.hub.configurations.get(id);
  if (configuration !== undefined) return configuration;
  throw new ServiceError(404, 'ConfigurationNotFound', `there is no configuration '${id}'`);
}

/** "Configuration IDs": lower case letters, digits and some signs, up to 128. */
const ID_PATTERN = /^[a-z0-9\-:+%_#*?!(),=@$']{1,128}$/;

function settingsOf(id: string, body: Properties): ConfigurationSettings {
  if (!ID_PATTERN.test(id)) {
    throw new ServiceError(
      400,
      'ArgumentInvalid',
      `'${id}' is no configuration id: lower case letters and digits`,
    );
  }
  const { content, labels, metrics, priority = 0, targetCondition = '' } = body;
  if (!isObject(content)) throw new ServiceError(400, 'ArgumentInvalid', 'content must be an object');
  if (typeof targetCondition !== 'string' || typeof priority !== 'number') {
    throw new ServiceError(400, 'ArgumentInvalid', 'targetCondition is a text and priority a number');
  }
  const queries = isObject(metrics) && isObject(metrics.queries) ? metrics.queries : {};
  return {
    id,
    content,
    labels: isObject(labels) ? labels : {},
    targetCondition,
    priority,
    metricQueries: Object.fromEntries(Object.entries(queries).map(([name, query]) => [name, String(query)])),
  };
}

function configurationDocument(hub: IotHub, configuration: Configuration): Properties {
  const { applied, custom, reportedFailed, reportedSuccessful, targeted } = hub.configurations.metrics(
    configuration.id,
  );
  return {
    id: configuration.id,
    schemaVersion: '1.0',
    labels: configuration.labels,
    content: configuration.content,
    targetCondition: configuration.targetCondition,
    createdTimeUtc: new Date(configuration.createdAtMs).toISOString(),
    lastUpdatedTimeUtc: new Date(configuration.updatedAtMs).toISOString(),
    priority: configuration.priority,
    etag: configuration.etag,
    systemMetrics: {
      results: {
        targetedCount: targeted,
        appliedCount: applied,
        reportedSuccessfulCount: reportedSuccessful,
        reportedFailedCount: reportedFailed,
      },
      queries: SYSTEM_QUERIES,
    },
    metrics: { results: custom, queries: configuration.metricQueries },
  };
}

import type { Properties } from '../../../pipeline/camera-module/hub-connection.js';
import type { Job, JobSettings, JobWork } from '../twins/jobs.js';
import { isObject } from '../twins/twin-document.js';
import { objectBody, pathPart, type ServiceReply, type ServiceRequest } from './request.js';
import type { Route } from './route.js';
import { ServiceError } from './service-error.js';

export const JOB_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/jobs/v2/query', right: 'ServiceConnect', handle: list },
  { method: 'GET', path: '/jobs/v2/{jobId}', right: 'ServiceConnect', handle: read },
  { method: 'PUT', path: '/jobs/v2/{jobId}', right: 'ServiceConnect', handle: schedule },
  { method: 'POST', path: '/jobs/v2/{jobId}/cancel', right: 'ServiceConnect', handle: cancel },
];

const MS_PER_SECOND = 1000;
const DEFAULT_TIMEOUT_SECONDS = 30;
const DEFAULT_EXECUTION_SECONDS = 3600;

function list({ hub, query }: ServiceRequest): ServiceReply {
  const type = query.get('jobType');
  const status = query.get('jobStatus');
  const jobs = hub.jobs
    .list()
    .filter((job) => (type === null || job.work.type === type) && (status === null || job.status === status));
  return { status: 200, json: jobs.map(jobDocument), headers: { 'x-ms-item-type': 'JobResponse' } };
}

function read(request: ServiceRequest): ServiceReply {
  const job = request.hub.jobs.get(pathPart(request, 'jobId'));
  if (job === undefined) throw notFound(request);
  return { status: 200, json: jobDocument(job) };
}

function schedule(request: ServiceRequest): ServiceReply {
  const { hub } = request;
  const jobId = pathPart(request, 'jobId');
  if (hub.jobs.get(jobId) !== undefined) {
    throw new ServiceError(409, 'JobAlreadyExists', `there is a job '${jobId}' already`);
  }
  return { status: 200, json: jobDocument(hub.jobs.schedule(settingsOf(request, jobId))) };
}

function cancel(request: ServiceRequest): ServiceReply {
  const job = request.hub.jobs.cancel(pathPart(request, 'jobId'));
  if (job === undefined) throw notFound(request);
  return { status: 200, json: jobDocument(job) };
}

function notFound(request: ServiceRequest): ServiceError {
  return new ServiceError(404, 'JobNotFound', `there is no job '${pathPart(request, 'jobId')}'`);
}

function settingsOf(request: ServiceRequest, jobId: string): JobSettings {
  const body = objectBody(request);
  const startAtMs = typeof body.startTime === 'string' ? Date.parse(body.startTime) : Number.NaN;
  const seconds = Number(body.maxExecutionTimeInSeconds ?? DEFAULT_EXECUTION_SECONDS);
  return {
    jobId,
    work: workOf(body),
    queryCondition: typeof body.queryCondition === 'string' ? body.queryCondition : '',
    startAtMs: Number.isNaN(startAtMs) ? request.hub.services.clock.now() : startAtMs,
    maxExecutionMs: seconds * MS_PER_SECOND,
  };
}

function workOf({ type, updateTwin, cloudToDeviceMethod }: Properties): JobWork {
  if (type === 'scheduleUpdateTwin' && isObject(updateTwin)) return { type, patch: updateTwin };
  if (type === 'scheduleDeviceMethod' && isObject(cloudToDeviceMethod)) {
    const {
      methodName,
      payload = null,
      responseTimeoutInSeconds = DEFAULT_TIMEOUT_SECONDS,
    } = cloudToDeviceMethod;
    const timeoutMs = Number(responseTimeoutInSeconds) * MS_PER_SECOND;
    return { type, methodName: String(methodName), payload, timeoutMs };
  }
  throw new ServiceError(
    400,
    'ArgumentInvalid',
    'type must be scheduleUpdateTwin with updateTwin, or scheduleDeviceMethod with cloudToDeviceMethod',
  );
}

function jobDocument(job: Job): Properties {
  const { work } = job;
  const at = (ms: number) => new Date(ms).toISOString();
  return {
    jobId: job.jobId,
    queryCondition: job.queryCondition,
    createdTime: at(job.createdAtMs),
    startTime: at(job.startAtMs),
    ...(job.endedAtMs === null ? {} : { endTime: at(job.endedAtMs) }),
    maxExecutionTimeInSeconds: job.maxExecutionMs / MS_PER_SECOND,
    type: work.type,
    ...(work.type === 'scheduleUpdateTwin'
      ? { updateTwin: work.patch }
      : { cloudToDeviceMethod: { methodName: work.methodName, payload: work.payload } }),
    status: job.status,
    deviceJobStatistics: {
      deviceCount: job.deviceCount,
      succeededCount: job.succeededCount,
      failedCount: job.failedCount,
      runningCount: job.deviceCount - job.succeededCount - job.failedCount,
      pendingCount: 0,
    },
  };
}

/** What Microsoft documents of IoT Edge and of the Vision AI Dev Kit, and the test that shows it here; null: absent. */
import type { Behaviour } from '../kernel/conformance-page.testing.js';

const EDGE = 'edge-device.test.ts';
const KIT = 'dev-kit.test.ts';
const SUPERVISOR = 'edge-agent/module-supervisor.test.ts';
const HUB = 'edge-hub/edge-hub.test.ts';
const ROUTES = 'edge-hub/routes.test.ts';
const REST = 'rest/camera-rest.test.ts';
const FRONT = 'rest/camera-front.test.ts';
const METADATA = 'rest/metadata.test.ts';
const PAGES = '../run/up/camera-pages.test.ts';
const SAMPLE = '../run/sample-manifest.test.ts';
const FAULTS = '../run/world/device-faults.test.ts';
const SETTINGS = '../../pipeline/camera-module/camera-settings.test.ts';

const within = (area: string) => (what: string, shownBy: Behaviour['shownBy']) => ({ area, what, shownBy });
const agent = within('IoT Edge agent');
const hub = within('IoT Edge hub');
const twin = within('Dev Kit, twin and methods');
const rest = within('Dev Kit, camera REST and video');
const device = within('Dev Kit, as a device');

export const BEHAVIOURS: readonly Behaviour[] = [
  agent('reported state: versions, runtime, system modules, modules', [EDGE, 'of a deployment that works']),
  agent('lastDesiredStatus 200', [EDGE, 'of a deployment that works']),
  agent('lastDesiredStatus 400, and the last good deployment stays', [
    EDGE,
    'of a manifest with a module %s',
  ]),
  agent('lastDesiredStatus 412', [KIT, 'is reported, and the last good one stays']),
  agent('lastDesiredStatus 417', [EDGE, 'of no deployment at all']),
  agent('restart policies', [SUPERVISOR, 'under %s that exits with %i is %s']),
  agent('back-off of 10 s · 2^n, at most 5 minutes', [SUPERVISOR, 'that keeps crashing is started again']),
  agent('a module is given up after 20 restarts', [SUPERVISOR, 'is given up after twenty restarts']),
  agent('restarts are forgotten after 10 minutes', [SUPERVISOR, 'that has run well for ten minutes']),
  agent('unhealthy modules', [SUPERVISOR, 'under %s that is unwell is %s']),
  agent('exit codes, times and counts of restarts in the twin', [EDGE, 'is restarted with growing waits']),
  agent('startupOrder', [EDGE, 'of modules in their order']),
  agent('modules that a deployment takes away', [EDGE, 'no more of one that was taken away']),
  agent('the last good deployment runs without IoT Hub', [EDGE, 'leaves what was on the disk']),
  agent('deployment by target condition', [EDGE, 'what its names leave idle']),
  agent('configurationHealth by deployment', null),
  agent('direct methods ping and RestartModule', [EDGE, 'by a direct method of $edgeAgent']),
  agent('direct methods of logs (GetModuleLogs, UploadModuleLogs)', null),
  agent('images pulled from a registry, containers by Docker', null),
  hub('sources of routes', [ROUTES, 'that is written by the grammar']),
  hub('conditions of routes', [ROUTES, 'takes a message by its condition']),
  hub('routes between modules', [EDGE, 'get its messages by a route']),
  hub('messages wait for a module that does not run', [HUB, 'and waits while it does not run']),
  hub('priority of routes', [HUB, 'sends what has the higher priority first']),
  hub('time to live of the hub and of a route', [HUB, 'keeps a message as long as its route says']),
  hub('at least once, in stored order, over restarts', [
    HUB,
    'delivers everything at least once and in order',
  ]),
  hub('the store bound by storeLimits.maxSizeBytes', [HUB, 'when its part of the disk is full']),
  hub('reported state: status and clients', [EDGE, 'of a deployment that works']),
  hub('malformed routes: 400', [HUB, 'says 400 to %s']),
  hub('an initial online synchronisation is needed', [KIT, 'sees nothing until its deployment has come']),
  hub('messages of a module that does not run go up all the same', null),
  hub('downstream devices over a gateway', null),
  hub('routes of twin changes', null),
  twin('every desired property, its values, and its echo', [SETTINGS, 'are read from the twin']),
  twin('a wrong value is named and changes nothing', [SETTINGS, 'is named and changes nothing']),
  twin('reported properties of what is supported', [
    KIT,
    'reports its deployment, its settings and its model',
  ]),
  twin('StartCamera and StopCamera', [KIT, 'can be stopped and started by direct methods']),
  twin('a model zip is installed', [KIT, 'takes another model over']),
  twin('a useless model zip leaves the one before', [KIT, 'stays with the one before']),
  twin("Microsoft's sample manifest, and its mismatch of names", [
    SAMPLE,
    'apply to nothing, and no camera sees',
  ]),
  rest('login and logout, sessions by cookie', [REST, 'ends a session by a logout']),
  rest('video', [REST, 'reads and sets the video']),
  rest('preview and vam', [REST, 'switches preview and analytics']),
  rest('overlay, overlayconfig, recording', [REST, 'sets the overlay and the recording']),
  rest('captureimage', [REST, 'takes an image']),
  rest('the heartbeat over a WebSocket', [PAGES, 'as the camera SDK does it']),
  rest('metadata: frames with objects, in ten-thousandths', [METADATA, 'in ten-thousandths of the frame']),
  rest('metadata as a stream over HTTP', [FRONT, 'streams a line of metadata']),
  rest('video as MJPEG over HTTP', [PAGES, 'is there as video']),
  rest('video and metadata over RTSP', null),
  rest('recordings, fetched as AVI', ['rest/recorder.test.ts', 'is a video of what was filmed meanwhile']),
  device('a loss of power: the disk stays, memory goes', [EDGE, 'takes what was in memory']),
  device('a battery', [FAULTS, 'from the end of the battery until the power is back']),
  device('a clock that is wrong, or drifts', [FAULTS, 'move people into other windows']),
  device('tokens that expire by a wrong clock', [FAULTS, 'whose tokens have expired']),
];

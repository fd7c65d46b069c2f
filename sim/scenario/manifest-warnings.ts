/** What of a deployment manifest cannot apply: allowed, since devices must cope with it, but hardly meant. */
import { readFileSync } from 'node:fs';
import type { Properties } from '../../pipeline/camera-module/hub-connection.js';
import { type ManifestReading, readManifest } from '../devkit/edge-agent/manifest.js';
import { readHubSettings } from '../devkit/edge-hub/hub-settings.js';
import type { Route } from '../devkit/edge-hub/routes.js';
import { formatProblem } from './input-problem.js';
import { type LocatedDocument, type Path, parseLocated } from './located-document.js';

type Content = Readonly<Record<string, { readonly 'properties.desired'?: Properties } | undefined>>;

/**
 * One line each, with its place; `shownAs` is the file as the scenario names it. The manifest must be one that
 * `manifestProblems` finds nothing wrong with.
 */
export function manifestWarnings(file: string, shownAs: string): readonly string[] {
  const located = parseLocated(readFileSync(file, 'utf8'), shownAs);
  const { modulesContent } = located.value as { readonly modulesContent: Content };
  const agent = readManifest(modulesContent.$edgeAgent?.['properties.desired'] ?? {});
  return [
    ...refusals(agent, modulesContent, located),
    ...(agent.ok ? idleNames(agent.manifest.modules, modulesContent, located) : []),
  ];
}

/** What the runtime will refuse, and so report instead of doing it. */
function refusals(agent: ManifestReading, content: Content, located: LocatedDocument): readonly string[] {
  const hub = readHubSettings(content.$edgeHub?.['properties.desired'] ?? {});
  return [
    ...(agent.ok
      ? []
      : [warningAt(located, '$edgeAgent', `devices will report ${agent.status}: ${agent.description}`)]),
    ...(hub.ok ? [] : [warningAt(located, '$edgeHub', `devices will report 400: ${hub.description}`)]),
  ];
}

function idleNames(
  modules: readonly { readonly name: string }[],
  content: Content,
  located: LocatedDocument,
): readonly string[] {
  const names = modules.map(({ name }) => name);
  const runs = `the deployment runs no such module; it runs ${names.join(', ') || 'none'}`;
  const twins = Object.keys(content).filter((name) => !name.startsWith('$') && !names.includes(name));
  const hub = readHubSettings(content.$edgeHub?.['properties.desired'] ?? {});
  const routes = hub.ok ? hub.settings.routes : [];
  return [
    ...twins.map((name) => warningAt(located, name, `the settings of '${name}' apply to nothing: ${runs}`)),
    ...routes.flatMap((route) =>
      modulesOf(route)
        .filter((module) => !names.includes(module))
        .map((module) => {
          const message = `the route '${route.name}' names the module '${module}' and carries nothing: ${runs}`;
          return warningAt(located, ['$edgeHub', 'properties.desired', 'routes', route.name], message);
        }),
    ),
  ];
}

function modulesOf({ sink, source }: Route): readonly string[] {
  const from = source.kind === 'messages' && source.module !== null ? [source.module] : [];
  return sink.kind === 'module' ? [...from, sink.module] : from;
}

function warningAt(located: LocatedDocument, within: string | Path, message: string): string {
  const path = ['modulesContent', ...(typeof within === 'string' ? [within] : within)];
  return formatProblem(located.problemAt(path, { code: 'FF_MANIFEST_IDLE', message, atKey: true }));
}

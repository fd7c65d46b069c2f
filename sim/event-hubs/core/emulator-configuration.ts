/** The configuration file of Microsoft's Event Hubs emulator (`Config.json`), accepted as it is. */
import { z } from 'zod';
import { MAX_PARTITIONS, type NamespaceSettings } from './configuration.js';
import { EventHubsError } from './errors.js';

/** The emulator's own connection string carries this in place of a key. */
const EMULATOR_KEY = 'SAS_KEY_VALUE';
/** The emulator keeps events for an hour. */
const EMULATOR_RETENTION_MS = 3_600_000;

const name = z.string().min(1);
/** In Microsoft's examples a number in quotes. */
const partitionCount = z.coerce.number().int().min(1).max(MAX_PARTITIONS);
const entity = z.object({
  Name: name,
  PartitionCount: partitionCount,
  ConsumerGroups: z.array(z.object({ Name: name })).default([]),
});
const namespace = z.object({
  Type: z.literal('EventHub'),
  Name: name,
  Entities: z.array(entity).min(1),
});
const file = z.object({ UserConfig: z.object({ NamespaceConfig: z.array(namespace).length(1) }) });

/**
 * What a namespace needs to stand in for the emulator, its connection string included. Throws `EventHubsError`
 * (`invalid-argument`) that names every place where `document` is not what the emulator takes.
 */
export function emulatorSettings(document: unknown): NamespaceSettings {
  const result = file.safeParse(document);
  const found = result.data?.UserConfig.NamespaceConfig[0];
  if (!found) throw notTaken(result.error?.issues ?? []);
  return {
    name: found.Name,
    hubs: found.Entities.map((hub) => ({
      name: hub.Name,
      partitionCount: hub.PartitionCount,
      consumerGroups: hub.ConsumerGroups.map((group) => group.Name),
      retentionMs: EMULATOR_RETENTION_MS,
    })),
    policies: [
      { name: 'RootManageSharedAccessKey', key: EMULATOR_KEY, rights: ['Listen', 'Send', 'Manage'] },
    ],
  };
}

function notTaken(issues: readonly z.core.$ZodIssue[]): EventHubsError {
  const problems = issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  return new EventHubsError(
    'invalid-argument',
    `not a configuration of the Event Hubs emulator: ${problems.join('; ')}; expected ` +
      '{"UserConfig":{"NamespaceConfig":[{"Type":"EventHub","Name":…,"Entities":[{"Name":…,"PartitionCount":…,"ConsumerGroups":[{"Name":…}]}]}]}}',
  );
}

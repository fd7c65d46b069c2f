import { describe, expect, test } from 'vitest';
import { namespaceConfiguration } from './configuration.js';
import { emulatorSettings } from './emulator-configuration.js';

/** As Microsoft's installer ships it. */
const SHIPPED = {
  UserConfig: {
    NamespaceConfig: [
      {
        Type: 'EventHub',
        Name: 'emulatorNs1',
        Entities: [{ Name: 'eh1', PartitionCount: '2', ConsumerGroups: [{ Name: 'cg1' }] }],
      },
    ],
    LoggingConfig: { Type: 'File' },
  },
};

describe("the emulator's configuration file", () => {
  test('is taken as it is', () => {
    const { name, hubs, policies } = namespaceConfiguration(emulatorSettings(SHIPPED));
    expect(name).toBe('emulatorNs1');
    expect(hubs).toMatchObject([{ name: 'eh1', partitionCount: 2, consumerGroups: ['$Default', 'cg1'] }]);
    expect(policies).toMatchObject([{ name: 'RootManageSharedAccessKey', key: 'SAS_KEY_VALUE' }]);
  });

  test.each([
    [{}, 'UserConfig'],
    [withPartitionCount(33), 'UserConfig.NamespaceConfig.0.Entities.0.PartitionCount'],
    [withPartitionCount('many'), 'UserConfig.NamespaceConfig.0.Entities.0.PartitionCount'],
  ])('is refused with the place that is wrong', (document, place) => {
    expect(() => emulatorSettings(document)).toThrow(place);
  });
});

function withPartitionCount(partitionCount: unknown): unknown {
  const text = JSON.stringify(SHIPPED).replace(
    '"PartitionCount":"2"',
    `"PartitionCount":${JSON.stringify(partitionCount)}`,
  );
  return JSON.parse(text);
}

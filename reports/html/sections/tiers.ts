import type { RunRecord } from '../../run-record.js';
import { bytes, percent, whole, words } from '../figures.js';
import { type Html, html } from '../markup.js';
import type { AnyView, Section } from '../report-view.js';
import { folded, number, table, text } from '../table.js';

/** What the devices, the links and the services did. */
export function tiersSection(view: AnyView): Section {
  return {
    id: 'tiers',
    title: 'Devices, links and services',
    body: html`${stagesTable(view)}
${devicesTable(view)}
${linksTable(view)}`,
  };
}

function stagesTable({ record }: AnyView): Html {
  return table({
    caption: 'Stages, from the camera to the dashboard',
    columns: [
      text('Stage'),
      number('In'),
      number('Out'),
      number('Dropped'),
      number('Retried'),
      number('Left waiting'),
      number('Longest queue'),
      number('Utilisation'),
    ],
    rows: record.stages.map((stage) => [
      words(stage.stage),
      ...[stage.in, stage.out, stage.dropped, stage.retried, stage.queued, stage.peakQueue].map(whole),
      stage.utilisation === null ? '–' : percent(stage.utilisation, 1),
    ]),
  });
}

function devicesTable({ record }: AnyView): Html {
  return html`${table({
    caption: 'Devices',
    columns: [
      text('Device'),
      text('State'),
      text('Model'),
      number('Looks'),
      number('Pictures'),
      number('Messages'),
      number('Uploads retried'),
      number('Longest queue'),
      number('Dropped'),
    ],
    rows: record.devices.map((device) => [
      device.deviceId,
      device.state,
      modelOf(device),
      ...[
        device.looks,
        device.pictures,
        device.messages,
        device.uploadsRetried,
        device.peakQueue,
        device.dropped,
      ].map(whole),
    ]),
  })}
${folded(
  'Reported properties of the module twins',
  html`${record.devices.map(
    ({ deviceId, reported }) =>
      html`<h3>${deviceId}</h3><pre>${JSON.stringify(reported, null, 2)}</pre>
`,
  )}`,
)}`;
}

function modelOf({ model, modelRefused }: RunRecord['devices'][number]): string {
  return `${model ?? 'none'}${modelRefused === null ? '' : `; refused another: ${modelRefused}`}`;
}

function linksTable({ record }: AnyView): Html {
  return table({
    caption: 'Links between the tiers',
    columns: [text('Link'), number('Messages'), number('Volume'), number('Sent again'), number('Failed')],
    rows: record.links.map(({ link, messages, bytes: volume, retransmitted, failed }) => [
      words(link),
      whole(messages),
      bytes(volume),
      whole(retransmitted),
      whole(failed),
    ]),
  });
}

import { decimal, span, whole } from '../figures.js';
import { type Content, type Html, html } from '../markup.js';
import type { AnyView, Section } from '../report-view.js';
import { folded, table, text } from '../table.js';

/** Scenario, seed, digest, versions, speed: what somebody needs who compares two reports. */
export function whatRanSection({ record, clock }: AnyView): Section {
  const { scenario, wallClock, visionModel } = record;
  return {
    id: 'what-ran',
    title: 'What ran',
    body: html`<dl class="facts">
${fact('Scenario', html`<code>${scenario.file}</code>`)}
${fact('Store', html`${record.store.name} (<code>${scenario.storeId}</code>)`)}
${fact('Begins', `${clock.date(scenario.startAt)} (${clock.zone})`)}
${fact('Store time', span(record.virtualSeconds * 1_000))}
${fact('Seed', html`<code>${record.seed}</code>`)}
${fact('Digest', html`<code class="digest">${record.digest}</code>`)}
${fact('Fidelity', record.fidelity === 'wire' ? 'wire: real SDKs and protocols over simulated links' : 'direct: the same cores, called in process')}
${fact('Vision', record.vision === 'pixels' ? 'pixels: the detector looks at every frame' : 'truth: a model of the detector’s errors')}
${detectorFact(record.components)}
${visionModel === null ? [] : fact('Error model', `fitted to ${visionModel.fittedTo}; residual ${decimal(visionModel.residual, 4)}`)}
${fact('Mutation', record.mutation ?? 'none')}
${fact('Speed', `${decimal(wallClock.realTimeFactor, 1)}× real time, ${span(wallClock.wallSeconds * 1_000)} on ${wallClock.machine}`)}
${fact('Memory at its peak', `${whole(wallClock.peakRssMb)} MB`)}
${fact('Version', `${record.tool.name} ${record.tool.version}`)}
</dl>
${folded(
  'Components and their versions',
  table({
    caption: 'Components',
    columns: [text('Component'), text('What it was')],
    rows: record.components.map(({ component, what }) => [component, what]),
  }),
)}`,
  };
}

/** The backend that served; in the open, for it decides the speed. */
function detectorFact(components: AnyView['record']['components']): Content {
  const detector = components.find(({ component }) => component === 'detector');
  return detector === undefined ? [] : fact('Detector', detector.what);
}

function fact(name: string, value: Content): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>
`;
}

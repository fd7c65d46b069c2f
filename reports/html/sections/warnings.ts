import { html } from '../markup.js';
import type { AnyView, Section } from '../report-view.js';

export function warningsSection({ record }: AnyView): Section {
  return {
    id: 'warnings',
    title: 'Warnings',
    body:
      record.warnings.length === 0
        ? html`<p>None.</p>`
        : html`<ul class="warnings">${record.warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`,
  };
}

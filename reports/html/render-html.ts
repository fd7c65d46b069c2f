/** The report a person opens: one HTML file with everything in it, that needs no scripts and no network. */
import type { RunRecord } from '../run-record.js';
import { html, trusted } from './markup.js';
import { type ReportView, type Section, viewOf } from './report-view.js';
import { backlogsSection } from './sections/backlogs.js';
import { checksSection } from './sections/checks.js';
import { demographicsSection } from './sections/demographics.js';
import { errorsSection } from './sections/errors.js';
import { faceFixtureSection } from './sections/face-fixture.js';
import { footfallSection } from './sections/footfall.js';
import { framesSection } from './sections/frames.js';
import { latencySection } from './sections/latency.js';
import { loyaltySection } from './sections/loyalty.js';
import { moodSection } from './sections/mood.js';
import { overview } from './sections/overview.js';
import { peopleSection } from './sections/people.js';
import { privacySection } from './sections/privacy.js';
import { reproduceSection } from './sections/reproduce.js';
import { storeSection } from './sections/store.js';
import { tiersSection } from './sections/tiers.js';
import { warningsSection } from './sections/warnings.js';
import { whatRanSection } from './sections/what-ran.js';
import { STYLE } from './style.js';

const SECTIONS: readonly ((view: ReportView) => Section | null)[] = [
  checksSection,
  storeSection,
  framesSection,
  footfallSection,
  peopleSection,
  errorsSection,
  demographicsSection,
  loyaltySection,
  moodSection,
  latencySection,
  backlogsSection,
  tiersSection,
  faceFixtureSection,
  privacySection,
  whatRanSection,
  warningsSection,
  reproduceSection,
];

/** Whatever a record's texts try, the page loads nothing and runs nothing. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** The whole page; the same record always gives the same bytes. */
export function renderHtml(record: RunRecord): string {
  const view = viewOf(record);
  const sections = SECTIONS.map((section) => section(view)).filter((section) => section !== null);
  return html`${trusted('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(CONTENT_SECURITY_POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${record.scenario.name}: footfall run report</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<nav aria-label="Sections"><ol>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>
<main id="main">
${overview(view)}
${sections.map(sectionMarkup)}
</main>
</body>
</html>
`.markup;
}

function sectionMarkup({ id, title, body }: Section) {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${body}
</section>
`;
}

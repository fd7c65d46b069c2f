/** The report a person opens: one HTML file with everything in it, that needs no scripts and no network. */
import { type AnyRecord, isReplay } from '../replay-record.js';
import { type Html, html, trusted } from './markup.js';
import { type ReplayView, type ReportView, type Section, viewOf } from './report-view.js';
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
import { countsSection } from './sections/replay-counts.js';
import { dashboardSection } from './sections/replay-dashboard.js';
import { replayOverview } from './sections/replay-overview.js';
import { momentsSection, tracksSection } from './sections/replay-pictures.js';
import { trackingSection } from './sections/replay-tracking.js';
import { reproduceSection } from './sections/reproduce.js';
import { storeSection } from './sections/store.js';
import { tiersSection } from './sections/tiers.js';
import { warningsSection } from './sections/warnings.js';
import { whatRanSection } from './sections/what-ran.js';
import { STYLE } from './style.js';

/** What runs and replays end with. */
const AFTER_TRUTH = [
  latencySection,
  backlogsSection,
  tiersSection,
  faceFixtureSection,
  privacySection,
  whatRanSection,
  warningsSection,
  reproduceSection,
];

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
  ...AFTER_TRUTH,
];

const REPLAY_SECTIONS: readonly ((view: ReplayView) => Section | null)[] = [
  checksSection,
  countsSection,
  tracksSection,
  trackingSection,
  momentsSection,
  framesSection,
  dashboardSection,
  ...AFTER_TRUTH,
];

const REPLAY_SECTIONS_WITH_TRUTH: readonly ((view: ReplayView) => Section | null)[] = [
  ...REPLAY_SECTIONS.slice(0, -AFTER_TRUTH.length),
  peopleSection,
  errorsSection,
  ...AFTER_TRUTH,
];

/** Whatever a record's texts try, the page loads nothing and runs nothing. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** The whole page of a run or a replay; the same record always gives the same bytes. */
export function renderHtml(record: AnyRecord): string {
  if (!isReplay(record)) {
    const view = viewOf(record);
    return page(
      record.scenario.name,
      overview(view),
      SECTIONS.map((section) => section(view)),
    );
  }
  const view = viewOf(record);
  const chosen = record.truth === null ? REPLAY_SECTIONS : REPLAY_SECTIONS_WITH_TRUTH;
  return page(
    record.replay.footage.name,
    replayOverview(view),
    chosen.map((section) => section(view)),
  );
}

function page(name: string, header: Html, parts: readonly (Section | null)[]): string {
  const sections = parts.filter((section) => section !== null);
  return html`${trusted('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(CONTENT_SECURITY_POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name}: footfall report</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<nav aria-label="Sections"><ol>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>
<main id="main">
${header}
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

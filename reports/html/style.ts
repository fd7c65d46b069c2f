/** The page's style sheet: light and dark by the reader's preference, light on paper. */
import { HEAT_LEVELS } from './heat-map.js';

const LIGHT = `
  --ink: #1b1f24;
  --soft: #57606a;
  --line: #dfe3e8;
  --paper: #f3f5f7;
  --card: #ffffff;
  --accent: #0067a3;
  --good: #00704f;
  --bad: #b94700;
  --warn: #8a6100;
  --truth: #b9c2cc;
  --fault: #f6d5c3;
  --blue: #0072b2;
  --sky: #56b4e9;
  --green: #009e73;
  --yellow: #dcc700;
  --orange: #e69f00;
  --vermilion: #d55e00;
  --purple: #cc79a7;
  --grey: #9aa3ad;
  --heat-1: #fdf0d9;
  --heat-2: #fddcab;
  --heat-3: #fcbb7d;
  --heat-4: #f48d52;
  --heat-5: #d95a2b;
  --heat-6: #a63207;
  --shelf: #d5dae0;
  --wall: #3d444d;
  --view: #0072b2;`;

const DARK = `
  --ink: #e6edf3;
  --soft: #9da7b1;
  --line: #30363d;
  --paper: #0d1117;
  --card: #161b22;
  --accent: #6cbcf0;
  --good: #3fcf9f;
  --bad: #ff9a57;
  --warn: #e3b341;
  --truth: #4a535e;
  --fault: #4d2f20;
  --blue: #4aa8e0;
  --sky: #9ad4f5;
  --green: #2bb68b;
  --yellow: #f0e442;
  --orange: #e69f00;
  --vermilion: #ee7a33;
  --purple: #d991b8;
  --grey: #7d8792;
  --heat-1: #2a2320;
  --heat-2: #44291d;
  --heat-3: #6d3719;
  --heat-4: #a04d18;
  --heat-5: #d76f1e;
  --heat-6: #ffb04a;
  --shelf: #3a424c;
  --wall: #aeb8c2;
  --view: #6cbcf0;`;

const PAGE = `
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; color: var(--ink); background: var(--paper); line-height: 1.5;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
}
main { max-width: 62rem; margin: 0 auto; padding: 1rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: 0.5rem; z-index: 1; }
h1 { margin: 0; font-size: clamp(1.6rem, 5vw, 2.3rem); line-height: 1.15; overflow-wrap: anywhere; }
h2 { margin: 0 0 0.5rem; font-size: 1.3rem; }
h3 { margin: 1.2rem 0 0.3rem; font-size: 1.05rem; overflow-wrap: anywhere; }
p { margin: 0.4rem 0 0.8rem; overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; font-size: 0.88em; }
code { overflow-wrap: anywhere; }
pre {
  overflow-wrap: anywhere; white-space: pre-wrap; background: var(--paper);
  border: 1px solid var(--line); border-radius: 0.4rem; padding: 0.6rem 0.8rem;
}
.soft { color: var(--soft); }
section {
  background: var(--card); border: 1px solid var(--line); border-radius: 0.7rem;
  padding: 1.1rem 1.3rem; margin: 0 0 1rem; scroll-margin-top: 1rem;
}
`;

const NAVIGATION = `
nav { padding: 1rem 1rem 0; max-width: 62rem; margin: 0 auto; font-size: 0.9rem; }
nav ol { list-style: none; display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; margin: 0; padding: 0; }
nav a { text-decoration: none; display: inline-block; padding: 0.15rem 0; }
nav a:hover { text-decoration: underline; }
@media (min-width: 78rem) {
  body { display: grid; grid-template-columns: 15rem minmax(0, 62rem); justify-content: center; }
  nav { position: sticky; top: 0; align-self: start; padding: 1.6rem 0.5rem 0 0; margin: 0; }
  nav ol { display: block; }
  main { margin: 0; width: 100%; }
}
`;

const OVERVIEW = `
header { padding: 0.6rem 0 0.4rem; }
.kicker { margin: 0; color: var(--soft); font-size: 0.85rem; letter-spacing: 0.04em; }
.lead { font-size: 1.1rem; max-width: 46rem; }
.verdict { font-size: 1.05rem; }
.badge {
  display: inline-block; white-space: nowrap; border: 1.5px solid currentColor; border-radius: 1rem;
  padding: 0 0.6rem; font-weight: 600; font-size: 0.9em;
}
.good { color: var(--good); }
.bad { color: var(--bad); }
.warn { color: var(--warn); }
.tiles { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0.7rem; margin: 1rem 0; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 0.7rem; padding: 0.7rem 0.9rem; }
.tile dt { font-size: 0.85rem; color: var(--soft); }
.tile dd { margin: 0; font-size: 0.85rem; }
.tile .value { font-size: 1.7rem; font-weight: 650; line-height: 1.25; font-variant-numeric: tabular-nums; }
.facts { margin: 0 0 1rem; }
.facts div { display: grid; grid-template-columns: minmax(7rem, 11rem) minmax(0, 1fr); gap: 0.2rem 1rem; padding: 0.25rem 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.warnings li { overflow-wrap: anywhere; margin-bottom: 0.3rem; }
`;

const TABLES = `
.scroll { overflow-x: auto; margin: 0.8rem 0; }
table { border-collapse: collapse; min-width: 100%; font-size: 0.9rem; }
caption { text-align: left; color: var(--soft); padding: 0 0 0.3rem; font-size: 0.9rem; }
th, td { padding: 0.35rem 0.7rem 0.35rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; border-bottom-width: 2px; }
caption span { position: sticky; left: 0; display: inline-block; max-width: calc(100vw - 3.6rem); }
tbody th { font-weight: 500; }
td { min-width: 3.2rem; }
td:not(.number) { min-width: 6.5rem; }
td code { overflow-wrap: break-word; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead .number { white-space: normal; }
details { margin: 0.8rem 0; }
summary { cursor: pointer; color: var(--accent); }
`;

const CHARTS = `
figure { margin: 1rem 0; }
figcaption { font-weight: 600; font-size: 0.95rem; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.1rem 1rem; margin: 0.2rem 0 0.4rem; padding: 0; font-size: 0.85rem; color: var(--soft); }
.legend li { display: flex; align-items: center; gap: 0.4rem; }
.swatch { display: inline-block; width: 1.1rem; height: 0.8rem; background: var(--swatch); border-radius: 2px; }
.swatch.thin { height: 0.45rem; }
.swatch.line { height: 0; border-top: 2px solid var(--swatch); background: none; border-radius: 0; }
.swatch.dashes { height: 0; border-top: 2px dashed var(--swatch); background: none; border-radius: 0; }
.swatch.camera { background: none; border: 1px solid var(--view); }
.swatch.display { background: var(--shelf); border: 1px solid var(--soft); }
.swatch.door { height: 0.3rem; background: var(--green); }
.heat-scale span { display: inline-block; width: 0.8rem; height: 0.8rem; }
.plot { --plot-background: var(--card); width: 100%; height: auto; color: var(--soft); }
.plot [aria-label$="-grid"] { stroke: var(--line); stroke-opacity: 1; }
[data-width=narrow] { display: none !important; }
@media screen and (max-width: 640px) {
  [data-width=wide] { display: none !important; }
  [data-width=narrow] { display: block !important; }
  section { padding: 1rem 0.8rem; }
  nav ol { flex-wrap: nowrap; overflow-x: auto; white-space: nowrap; padding-bottom: 0.4rem; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  main { padding: 0.6rem; }
}
.frames { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1rem; }
.frames figure { margin: 0; }
.frames img { width: 100%; height: auto; border-radius: 0.4rem; display: block; background: var(--line); }
.filmstrips { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); gap: 0.6rem 1.2rem; }
.filmstrips p { margin: 0 0 0.3rem; font-size: 0.85rem; }
.strip { display: flex; gap: 0.2rem; overflow-x: auto; min-height: 6rem; background: var(--line); border-radius: 0.4rem; padding: 0.25rem; }
.strip img { height: 6rem; width: auto; border-radius: 0.2rem; }
.frames figcaption { font-weight: 400; font-size: 0.85rem; color: var(--soft); overflow-wrap: anywhere; }
`;

const FLOOR_PLAN = `
.floor-plan { display: block; width: 100%; height: auto; max-height: 48rem; }
.floor-plan .floor { fill: var(--card); }
${Array.from({ length: HEAT_LEVELS }, (_, index) => index + 1)
  .map((level) => `.heat-${level} { fill: var(--heat-${level}); background: var(--heat-${level}); }`)
  .join('\n')}
.views polygon, .sections polygon { fill: none; stroke-width: 1; vector-effect: non-scaling-stroke; }
.views polygon { stroke: var(--view); stroke-opacity: 0.7; }
.sections polygon { stroke: var(--soft); stroke-dasharray: 5 4; }
.displays rect { fill: var(--shelf); stroke: var(--soft); stroke-width: 0.75; vector-effect: non-scaling-stroke; }
.displays text { fill: var(--ink); text-anchor: middle; }
.walls rect { fill: none; stroke: var(--wall); stroke-width: calc(0.5 * var(--unit)); }
.walls line { stroke: var(--wall); }
.doors line { stroke: var(--green); }
.cameras path { fill: var(--view); stroke: var(--card); stroke-width: 0.2; }
.names text {
  fill: var(--ink); stroke: var(--card); stroke-width: 0.22em; stroke-linejoin: round; paint-order: stroke;
  text-anchor: middle; font-weight: 600; font-size: min(var(--largest), var(--unit) * 1.35);
}
@media screen and (max-width: 640px) {
  .names text { font-size: min(var(--largest), var(--unit) * 2.7); }
  .displays text { display: none; }
  .cameras path { stroke-width: 0.1; }
}
`;

const PRINT = `
@media print {
  nav, .skip { display: none; }
  body { background: none; font-size: 10pt; display: block; }
  main { max-width: none; padding: 0; }
  section { border: none; padding: 0; }
  figure, tr, .tile { break-inside: avoid; }
  h2, h3, figcaption, caption { break-after: avoid; }
  .scroll { overflow: visible; }
  details::details-content { content-visibility: visible; height: auto; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

export const STYLE = `
:root {${LIGHT}
}
@media screen and (prefers-color-scheme: dark) {
:root {${DARK}
}
}
${PAGE}${NAVIGATION}${OVERVIEW}${TABLES}${CHARTS}${FLOOR_PLAN}${PRINT}`;

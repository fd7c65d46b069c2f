import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { type RunRecord, runRecordSchema } from '../run-record.js';
import { dayLongRecord, sampleRecord } from '../sample-record.testing.js';
import { signed, whole } from './figures.js';
import { renderHtml } from './render-html.js';

const MOST_BYTES = 3_000_000;

const record = sampleRecord();
const page = renderHtml(record);
const { document } = parseHTML(page);

const textOf = (selector: string) => document.querySelector(selector)?.textContent ?? '';
const tableText = (caption: string) => {
  const tables = [...document.querySelectorAll('table')];
  const found = tables.find((table) => table.querySelector('caption')?.textContent?.startsWith(caption));
  return [...(found?.querySelectorAll('tr') ?? [])].map((row) =>
    [...row.querySelectorAll('th, td')].map((cell) => (cell.textContent ?? '').replaceAll('\u00a0', ' ')),
  );
};

describe('the page', () => {
  test('is made from a record that the schema accepts', () => {
    expect(runRecordSchema.parse(record)).toEqual(record);
  });

  test('has every section, reachable from the top', () => {
    const ids = [...document.querySelectorAll('section')].map(({ id }) => id);
    expect(ids.sort()).toEqual(
      [
        'backlogs',
        'checks',
        'demographics',
        'errors',
        'footfall',
        'frames',
        'latency',
        'loyalty',
        'mood',
        'people',
        'privacy',
        'reproduce',
        'store',
        'tiers',
        'warnings',
        'what-ran',
      ].sort(),
    );
    const links = [...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href'));
    expect(links.sort()).toEqual(ids.map((id) => `#${id}`).sort());
  });

  test('says which backend of the detector served, and why not the native one', () => {
    expect(textOf('#what-ran .facts')).toContain(
      'WebAssembly with SIMD (@tensorflow/tfjs-node is not installed)',
    );
  });

  test('tells how much of a Face API fixture was used, when there was one', () => {
    const faceFixture = {
      file: 'fixtures/face.json',
      recordings: 4,
      used: ['detect-0001', 'detect-0002'],
      usedAsNearest: ['detect-0002'],
      unused: ['detect-0003', 'verify-0004'],
      stale: ['detect-0003'],
      unmatched: [],
    };
    const covered = parseHTML(renderHtml({ ...record, faceFixture })).document;
    const section = covered.querySelector('#face-fixture');
    const counts = [...(section?.querySelector('table')?.querySelectorAll('tbody tr') ?? [])].map(
      (row) => row.querySelector('td')?.textContent,
    );
    expect(counts).toEqual(['2', '1', '2', '1', '0']);
    expect(section?.querySelectorAll('details')).toHaveLength(3);
    expect(section?.textContent).toContain('verify-0004');
    expect(document.querySelector('#face-fixture')).toBeNull();
  });

  test('needs no script and no network', () => {
    expect(document.querySelectorAll('script, link, iframe, object, embed').length).toBe(0);
    expect(page).not.toMatch(/\b(?:https?:)?\/\/[a-z0-9-]+\.[a-z]/i);
    const targets = [...document.querySelectorAll('[src], [href]')].map(
      (element) => element.getAttribute('src') ?? element.getAttribute('href') ?? '',
    );
    expect(targets.filter((target) => !/^(#|data:image\/jpeg;base64,)/.test(target))).toEqual([]);
    expect(page.match(/url\([^)]*\)/g)?.filter((url) => !url.startsWith('url(#'))).toEqual([]);
  });

  test('can be read aloud: headings, captions, names of drawings, texts for pictures', () => {
    expect(document.querySelectorAll('h1').length).toBe(1);
    for (const section of document.querySelectorAll('section'))
      expect(section.querySelector('h2')).not.toBeNull();
    for (const table of document.querySelectorAll('table')) {
      expect(table.querySelector('caption')?.textContent).not.toBe('');
      expect(table.querySelectorAll('tbody tr > th[scope=row]').length).toBe(
        table.querySelectorAll('tbody tr').length,
      );
    }
    for (const drawing of document.querySelectorAll('svg[role=img]'))
      expect(drawing.getAttribute('aria-label') ?? drawing.querySelector('title')?.textContent).toMatch(/\w/);
    for (const image of document.querySelectorAll('img'))
      expect(image.getAttribute('alt')).toContain('camera-');
    expect(document.querySelectorAll('img').length).toBe(record.frames.length);
  });

  test('is the same for the same record', () => {
    expect(renderHtml(sampleRecord()) === page).toBe(true);
  });
});

describe('the numbers', () => {
  test('footfall and visitors are those of the record', () => {
    const { truth, measured, error } = record.accuracy.footfall;
    expect(tableText('Footfall and unique visitors')[1]).toEqual([
      'Footfall',
      whole(truth),
      whole(measured),
      signed(error),
      '−11.1 %',
    ]);
    expect(textOf('.tile .value')).toBe(whole(measured));
  });

  test('causes of errors add up to what was measured', () => {
    const rows = tableText('Errors by cause').slice(1);
    const value = (text: string | undefined) => Number((text ?? '').replaceAll(',', '').replace('−', '-'));
    for (const column of [2, 4, 6]) {
      const numbers = rows.map((cells) => value(cells[column]));
      const [truth, ...effects] = numbers.slice(0, -1);
      expect(numbers.at(-1)).toBe(effects.reduce((sum, effect) => sum + effect, truth ?? 0));
    }
  });

  test('latencies, devices and privacy are those of the record', () => {
    expect(tableText('Latency by stage').at(-1)).toEqual([
      'end to end',
      '2,869',
      '19.9 s',
      '17 min 54 s',
      '19 min 58 s',
      '30 min 16 s',
    ]);
    expect(tableText('Devices')[1]?.slice(0, 6)).toEqual([
      'camera-0',
      'running',
      'centernet 512x384',
      '2,145',
      '594',
      '594',
    ]);
    expect(tableText('Privacy in this run')[3]).toEqual(['Pictures left at the end', '9']);
  });

  test('what did not hold comes first, with its place in the scenario', () => {
    const [, first] = tableText('Expectations');
    expect(first?.[0]).toBe('lateEvents');
    expect(first?.[1]).toContain('broken');
    expect(first?.[4]).toContain('stage: windowing');
    expect(first?.at(-1)).toBe('scenarios/uplink-outage.yaml:23:3');
    expect(textOf('.verdict')).toContain('Failed');
  });

  test('the command gives the run again', () => {
    expect(textOf('#reproduce .command')).toBe(
      'footfall run scenarios/uplink-outage.yaml --seed 11 --vision truth --fidelity wire',
    );
    const spaced = renderHtml({ ...record, scenario: { ...record.scenario, file: "my shop's.yaml" } });
    expect(parseHTML(spaced).document.querySelector('#reproduce .command')?.textContent).toContain(
      `run 'my shop'\\''s.yaml' --seed`,
    );
  });

  test('faults shade the backlog that they made', () => {
    const backlog = [...document.querySelectorAll('#backlogs figure')];
    expect(backlog.length).toBe(1);
    expect(backlog[0]?.textContent).toContain('at most 953');
    expect(backlog[0]?.querySelectorAll('[fill="var(--fault)"] rect, rect[fill="var(--fault)"]').length).toBe(
      2,
    );
    expect(textOf('#backlogs')).toContain('Always empty: pictures on cameras');
  });
});

describe('unusual records', () => {
  test('a day of a whole store stays a small file', () => {
    expect(Buffer.byteLength(renderHtml(dayLongRecord()))).toBeLessThan(MOST_BYTES);
  });

  test('frames beyond what a page should carry stay in the record', () => {
    const [frame] = record.frames;
    const frames = Array.from({ length: 5 }, () => ({
      ...frame,
      cameraId: 'c',
      at: record.scenario.startAt,
      caption: 'large',
      jpegBase64: 'A'.repeat(900_000),
    }));
    const large = renderHtml({ ...record, frames });
    expect(large.length).toBeLessThan(MOST_BYTES);
    expect(large).toContain('3 more frames in the run record');
  });

  test('a run in which nothing happened is still a page', () => {
    const empty: RunRecord = {
      ...record,
      complete: false,
      virtualSeconds: 0,
      truth: { ...record.truth, footfallByWindow: [] },
      windows: [{ anything: null }],
      attribution: [],
      latency: [],
      stages: [],
      links: [],
      faults: [],
      backlogs: [],
      invariants: [],
      expectations: [],
      displays: [],
      devices: [],
      frames: [],
      warnings: [],
      store: { ...record.store, heat: { columns: 0, rows: 0, cellMetres: 1, personSeconds: [] } },
    };
    const markup = renderHtml(empty);
    expect(markup).toContain('Interrupted');
    expect(markup).toContain('It was interrupted before anything was checked.');
    expect(markup).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('names stay text, whatever they try', () => {
    const small = sampleRecord({ minutes: 1, sections: 1 });
    const countOf = (markup: string) => parseHTML(markup).document.querySelectorAll('*').length;
    const elements = countOf(renderHtml(renamed(small, 'plain')));
    const hostile = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        '</style></svg>',
        '&lt;b&gt;',
      ),
    );
    fc.assert(
      fc.property(hostile, (name) => {
        const markup = renderHtml(renamed(small, `n${name.replaceAll(/\s/g, '')}`));
        expect(countOf(markup)).toBe(elements);
        expect(markup).not.toContain('<script');
        expect(markup).not.toContain('<img src=x');
      }),
      { numRuns: 12 },
    );
  });
});

/** The record with one name for everything that has one. */
function renamed(record: RunRecord, name: string): RunRecord {
  const { scenario, store } = record;
  const check = { name, message: name, stage: name, ok: false };
  return {
    ...record,
    seed: name,
    digest: name,
    mutation: name,
    scenario: { ...scenario, name, file: name, description: name, storeId: name, timeZone: name },
    components: [{ component: name, what: name }],
    latency: record.latency.map((latency, index) => ({ ...latency, stage: `${name}${index}` })),
    stages: record.stages.map((stage) => ({ ...stage, stage: name })),
    links: record.links.map((link) => ({ ...link, link: name })),
    faults: record.faults.map((fault) => ({ ...fault, fault: name, what: name })),
    backlogs: [{ name, samples: [{ at: scenario.startAt, waiting: 1 }] }],
    invariants: [check],
    expectations: [{ ...check, expected: name, actual: name, at: name }],
    store: {
      ...store,
      name,
      entrances: store.entrances.map((entrance) => ({ ...entrance, id: name })),
      sections: store.sections.map((section) => ({ ...section, name })),
      displays: store.displays.map((display) => ({ ...display, name, kind: name, widthMetres: 0.1 })),
      cameras: store.cameras.map((camera) => ({ ...camera, id: name, section: name })),
    },
    displays: record.displays.map((display, index) => ({
      ...display,
      name: `${name}${index}`,
      section: name,
    })),
    devices: record.devices.map((device) => ({
      ...device,
      deviceId: name,
      state: name,
      reported: { [name]: name },
    })),
    frames: record.frames.map((frame) => ({ ...frame, caption: name, cameraId: name, jpegBase64: name })),
    warnings: [name],
  };
}

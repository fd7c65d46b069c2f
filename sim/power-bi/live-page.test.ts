/** The live page in a real Chromium; set `FOOTFALL_SCREENSHOTS` to a folder to look at it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { realTimeServices } from '../kernel/real-time.js';
import { PowerBiCore } from './core/core.js';
import { datasetDefinition } from './core/definition.js';
import { DATASET, WINDOW_ROW } from './fixtures.testing.js';
import { PowerBiFront, type StorePlan } from './rest/front.js';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const FIRST_WINDOW_MS = Date.UTC(2020, 0, 1, 9);
const SECTIONS = ['entrance', 'bakery', 'tills', 'produce'];
const ANALYST = { token: 'analyst-token', role: 'analyst', storeIds: null } as const;

const PLAN: StorePlan = {
  storeId: 'seoul',
  widthMetres: 12,
  depthMetres: 9,
  sections: [
    {
      id: 'entrance',
      name: 'Entrance',
      area: [
        [0, 0],
        [5, 0],
        [5, 3],
        [0, 3],
      ],
    },
    {
      id: 'tills',
      name: 'Tills',
      area: [
        [5, 0],
        [12, 0],
        [12, 3],
        [5, 3],
      ],
    },
    {
      id: 'produce',
      name: 'Produce',
      area: [
        [0, 3],
        [7.6, 3],
        [7.6, 9],
        [0, 9],
      ],
    },
    {
      id: 'bakery',
      name: 'Bakery',
      area: [
        [7.6, 3],
        [12, 3],
        [12, 9],
        [7.6, 9],
      ],
    },
  ],
  displays: [
    { id: 'bread', name: 'Fresh bread', section: 'bakery' },
    { id: 'cakes', name: 'Cakes', section: 'bakery' },
    { id: 'fruit', name: 'Fruit of the season', section: 'produce' },
    { id: 'sweets', name: 'Sweets', section: 'tills' },
    { id: 'wine', name: 'Wine', section: 'cellar' },
  ],
  walls: [{ from: [7.6, 7.8], to: [7.6, 9] }],
};

/** Rows of `count` windows that rise and fall like a morning. */
function morning(count: number) {
  return Array.from({ length: count }, (_, window) =>
    ['seoul', 'busan'].flatMap((storeId) =>
      SECTIONS.map((section, index) => ({
        ...WINDOW_ROW,
        windowEnd: new Date(FIRST_WINDOW_MS + (window + 1) * 15_000).toISOString(),
        storeId,
        section,
        averageEmotion: Math.round(80 * Math.sin(window / 40 + 2 * index)) / 100,
        people: Math.round(6 + 5 * Math.sin(window / 12 + index) + (storeId === 'seoul' ? 3 : 0)),
      })),
    ),
  ).flat();
}

describe.skipIf(!existsSync(CHROMIUM))('the live page', () => {
  let browser: Browser;
  let page: Page;
  let core: PowerBiCore;
  let front: PowerBiFront;
  let url: string;
  let datasetId: string;
  let problems: string[];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    core = new PowerBiCore(realTimeServices('live-page'));
    datasetId = core.createDataset(null, datasetDefinition(DATASET), 'basicFIFO').id;
    front = new PowerBiFront(core, {
      grants: [ANALYST],
      feed: { dataset: 'footfall', table: 'footfall' },
      plans: [PLAN],
    });
    url = `http://127.0.0.1:${await front.listen(0, '127.0.0.1')}/dashboard/`;
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
  });
  afterEach(async () => {
    await page.close();
    await front.close();
  });

  const push = (rows: readonly object[]) =>
    core.push({ groupId: null, datasetId, table: 'footfall', rows, key: 'test' });
  const shown = (id: string, text: string) => page.locator(`#${id}`, { hasText: text }).waitFor();

  async function look(name: string): Promise<void> {
    const folder = process.env.FOOTFALL_SCREENSHOTS;
    if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }

  test('shows rows as they come, of all stores or one', async () => {
    await push(morning(120));
    await page.goto(`${url}#token=analyst-token`);
    await shown('connection', 'Live');
    expect(page.url()).not.toContain('analyst-token');
    await look('light');
    await push([{ ...WINDOW_ROW, windowEnd: '2020-01-01T10:00:00.000Z', people: 41, newVisitors: 0 }]);
    await shown('people', '41');
    await page.selectOption('#store', 'busan');
    await page.locator('#people', { hasNotText: '41' }).waitFor();
    expect(await page.locator('#rows tr').first().textContent()).toContain('busan');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 844 });
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    await look('dark-phone');
    expect(problems).toEqual([]);
  });

  test('shows the heat of each section, in the time range and language that are chosen by keyboard', async () => {
    await push(morning(240));
    await page.goto(`${url}#token=analyst-token`);
    await shown('connection', 'Live');
    const bakery = page.locator('#floor text', { hasText: 'Bakery' }).locator('.figure');
    const inAnHour = Number((await bakery.textContent())?.replaceAll(',', ''));
    await page.focus('#range');
    await page.keyboard.press('ArrowUp');
    await expect
      .poll(async () => Number((await bakery.textContent())?.replaceAll(',', '')))
      .toBeLessThan(inAnHour);
    await page.focus('#language');
    await page.keyboard.press('ArrowDown');
    await shown('now', '현재');
    await shown('connection', '실시간');
    expect(await page.getAttribute('html', 'lang')).toBe('ko');
    await look('korean');
    await page.reload();
    await shown('now', '현재');
    expect(problems).toEqual([]);
  });

  test('shows the mood by display of a store whose plan is known', async () => {
    await push(morning(60));
    await page.goto(`${url}#token=analyst-token`);
    await shown('connection', 'Live');
    await shown('display-moods', 'Fresh bread');
    const texts = async () =>
      (await page.locator('#display-moods .bar').allTextContents()).map((text) => text.trim());
    const before = await texts();
    expect(before).toHaveLength(5);
    expect(before.at(-1)).toBe('Wine–');
    expect(before.find((text) => text.startsWith('Cakes'))?.slice('Cakes'.length)).toBe(
      before.find((text) => text.startsWith('Fresh bread'))?.slice('Fresh bread'.length),
    );
    await push(
      SECTIONS.map((section) => ({
        ...WINDOW_ROW,
        windowEnd: '2020-01-01T11:00:00.000Z',
        section,
        averageEmotion: section === 'tills' ? 1 : -1,
      })),
    );
    await page.selectOption('#range', '900000');
    await expect
      .poll(texts)
      .toEqual(['Sweets+1 good', 'Cakes−1 low', 'Fresh bread−1 low', 'Fruit of the season−1 low', 'Wine–']);
    await page.selectOption('#store', 'busan');
    await shown('display-moods', 'Choose a store whose displays are known.');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.selectOption('#store', 'seoul');
    await page.selectOption('#range', '86400000');
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    await look('light-phone');
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await look('dark');
    expect(problems).toEqual([]);
  });

  test('asks for a token, and again when it is not taken', async () => {
    await page.goto(url);
    await page.fill('#token', 'wrong');
    await page.keyboard.press('Enter');
    await shown('sign-in-problem', 'expected a known token');
    await page.fill('#token', 'analyst-token');
    await page.keyboard.press('Enter');
    await shown('connection', 'Live');
    expect(problems).toEqual([]);
  });

  test('comes back after the server was away, with what it missed', async () => {
    await page.goto(`${url}#token=analyst-token`);
    await shown('connection', 'Live');
    await front.close();
    await shown('connection', 'lost');
    await push([{ ...WINDOW_ROW, people: 17 }]);
    await front.listen(Number(new URL(url).port), '127.0.0.1');
    await shown('people', '17');
    await shown('connection', 'Live');
    expect(problems).toEqual([]);
  });
});

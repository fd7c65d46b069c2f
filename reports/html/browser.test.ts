/** The page in a real Chromium; set `FOOTFALL_SCREENSHOTS` to a folder to look at it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleRecord } from '../sample-record.testing.js';
import { renderHtml } from './render-html.js';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** Elements whose content goes beyond the page or their own box, unless a frame around them scrolls. */
const OVERFLOWING = `[...document.querySelectorAll('body *')].filter((element) => {
  const { left, right, width } = element.getBoundingClientRect();
  const scrolls = element.closest('.scroll, nav, .skip, svg') !== null;
  return width > 0 && !scrolls && (right > innerWidth + 1 || left < -1);
}).map((element) => element.tagName + ' ' + element.textContent.slice(0, 40))`;

/** Labels of charts that are cut by their drawing's edge. */
const CUT_LABELS = `[...document.querySelectorAll('svg.plot text')].filter((label) => {
  const own = label.getBoundingClientRect();
  const frame = label.closest('svg').getBoundingClientRect();
  return own.width > 0 && (own.left < frame.left - 1 || own.right > frame.right + 1 || own.bottom > frame.bottom + 1);
}).map((label) => label.textContent)`;

describe.skipIf(!existsSync(CHROMIUM))('the page in a browser', () => {
  const markup = renderHtml(sampleRecord());
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());

  async function open(options: BrowserContextOptions): Promise<{ page: Page; problems: string[] }> {
    const page = await browser.newPage({ ...options, javaScriptEnabled: true });
    const problems: string[] = [];
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) problems.push(`asked for ${request.url()}`);
    });
    await page.setContent(markup, { waitUntil: 'load' });
    return { page, problems };
  }

  async function look(page: Page, name: string): Promise<void> {
    const folder = process.env.FOOTFALL_SCREENSHOTS;
    if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }

  test.each(['light', 'dark'] as const)(
    'is without errors when %s, and its own colours are used',
    async (scheme) => {
      const { page, problems } = await open({ viewport: { width: 1280, height: 900 }, colorScheme: scheme });
      expect(problems).toEqual([]);
      const background = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      expect(background).toBe(scheme === 'dark' ? 'rgb(13, 17, 23)' : 'rgb(243, 245, 247)');
      expect(await page.evaluate(OVERFLOWING)).toEqual([]);
      expect(await page.evaluate(CUT_LABELS)).toEqual([]);
      await look(page, `report-${scheme}`);
      await page.close();
    },
  );

  test('fits a phone: nothing sticks out, charts have their own drawing', async () => {
    const { page } = await open({ viewport: { width: 390, height: 844 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await page.evaluate(OVERFLOWING)).toEqual([]);
    expect(await page.evaluate(CUT_LABELS)).toEqual([]);
    expect(await page.locator('svg[data-width=wide]:visible').count()).toBe(0);
    expect(await page.locator('svg[data-width=narrow]:visible').count()).toBeGreaterThan(8);
    await look(page, 'report-phone');
    await page.close();
  });

  test('prints with everything unfolded, light even for those who like it dark', async () => {
    const { page } = await open({ colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(27, 31, 36)');
    expect(await page.getByText('no picture disappears').isVisible()).toBe(true);
    await page.close();
  });

  test('frames are pictures that can be shown', async () => {
    const { page } = await open({});
    const widths = await page.evaluate<number[]>('[...document.images].map((image) => image.naturalWidth)');
    expect(widths).toEqual([320, 320, 320, 320]);
    await page.close();
  });
});

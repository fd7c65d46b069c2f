import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface Strings {
  readonly LANGUAGES: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The page's script is plain JavaScript: it is what the browser runs. */
const script = './strings.js';
const { LANGUAGES } = (await import(script)) as Strings;
const english = LANGUAGES.en ?? {};

describe.each(Object.entries(LANGUAGES))('the texts in "%s"', (_language, texts) => {
  test('are as many as in English, with the same places for values', () => {
    expect(Object.keys(texts)).toEqual(Object.keys(english));
    const places = (text = '') => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    for (const key of Object.keys(english)) expect(places(texts[key])).toEqual(places(english[key]));
  });

  test('cover what the page asks for', () => {
    const page = readFileSync(new URL('./index.html', import.meta.url), 'utf8');
    const asked = [...page.matchAll(/data-text="(\w+)"/g)].map(([, key]) => key);
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter((key) => !texts[key ?? ''])).toEqual([]);
  });
});

import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { html, trusted } from './markup.js';

/** Without NUL, which HTML has no way to write. */
const anyText = fc.string({ unit: 'grapheme' });

test('texts come out of the page as they went in, between tags and in attributes', () => {
  fc.assert(
    fc.property(anyText, anyText, (inside, attribute) => {
      const { document } = parseHTML(
        `<html><body>${html`<p title="${attribute}">${inside}</p>`.markup}</body></html>`,
      );
      const paragraph = document.querySelector('p');
      expect(paragraph?.textContent).toBe(inside);
      expect(paragraph?.getAttribute('title')).toBe(attribute);
      expect(document.querySelectorAll('body *').length).toBe(1);
    }),
  );
});

test('markup within markup stays, lists are joined, numbers are written', () => {
  const items = ['a', '<b>'].map((name) => html`<li>${name}</li>`);
  expect(html`<ul>${items}</ul>${7}${trusted('<hr>')}`.markup).toBe(
    '<ul><li>a</li><li>&lt;b&gt;</li></ul>7<hr>',
  );
});

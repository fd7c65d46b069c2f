/** Markup that cannot be confused with text: whatever is not `Html` is escaped on its way into the page. */
export interface Html {
  readonly markup: string;
}

export type Content = Html | string | number | readonly Content[];

export const NOTHING: Html = { markup: '' };

/** A template of HTML; texts and numbers put into it are escaped, also inside double-quoted attributes. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  const parts = strings.map((text, index) => {
    const content = contents[index];
    return content === undefined ? text : text + markupOf(content);
  });
  return { markup: parts.join('') };
}

/** Takes `markup` as it is: only for markup made by code of ours or by a library that escapes. */
export function trusted(markup: string): Html {
  return { markup };
}

function markupOf(content: Content): string {
  if (typeof content === 'string') return escapeText(content);
  if (typeof content === 'number') return String(content);
  if ('markup' in content) return content.markup;
  return content.map(markupOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark);
}

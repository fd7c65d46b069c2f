import { type Content, type Html, html } from './markup.js';

export interface Column {
  readonly name: string;
  /** Numbers stand at the right. */
  readonly numeric?: boolean;
}

export interface TableSpec {
  readonly caption: string;
  readonly columns: readonly Column[];
  /** Cells in the order of the columns; the first cell is the heading of its row. */
  readonly rows: readonly (readonly Content[])[];
}

/** A table with caption and headings, in a frame that scrolls sideways where the page is narrow. */
export function table({ caption, columns, rows }: TableSpec): Html {
  const head = columns.map(({ name, numeric }) => html`<th scope="col"${cellClass(numeric)}>${name}</th>`);
  const body = rows.map(
    (cells) => html`<tr>${cells.map((cell, index) => tableCell(cell, columns[index], index))}</tr>
`,
  );
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}">
<table><caption><span>${caption}</span></caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody></table>
</div>`;
}

function tableCell(content: Content, column: Column | undefined, index: number): Html {
  return index === 0
    ? html`<th scope="row">${content}</th>`
    : html`<td${cellClass(column?.numeric)}>${content}</td>`;
}

function cellClass(numeric: boolean | undefined): Html {
  return numeric === true ? html` class="number"` : html``;
}

/** A long table, folded away until it is wanted; printed in full. */
export function folded(summary: string, content: Html): Html {
  return html`<details><summary>${summary}</summary>
${content}
</details>`;
}

export const text = (name: string): Column => ({ name });
export const number = (name: string): Column => ({ name, numeric: true });

/** The accessibility rules about tables: a layout table needs a role, and a data table needs header cells. */
import type { Finding } from '../../message/finding.ts';
import type { Element } from '../html.ts';
import { isAriaHidden, roleOf, spokenName, type Page } from './page.ts';

/** The minimum number of rows of a data table. */
const DATA_ROWS = 3;
/** The minimum number of columns of a data table. */
const DATA_COLUMNS = 2;
/** The maximum length of the text in a cell of a data table, in characters. */
const CELL_TEXT = 60;

interface Contents {
  readonly rows: Element[];
  readonly cells: Map<Element, Element[]>;
  /**
   * Whether the table contains elements that indicate a layout table, such as another table, an image or a
   * heading.
   */
  arranges: boolean;
  /** Whether the table is marked as a data table, by header cells, a caption, or `scope` or `headers` attributes. */
  named: boolean;
}

const PARTS = new Set(['table', 'tr', 'td', 'th', 'thead', 'caption']);
const ARRANGED = new Set(['img', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'hr', 'button', 'input']);

function note(contents: Contents, row: Element | undefined, element: Element): void {
  const { name, attribs } = element;
  if (ARRANGED.has(name)) contents.arranges = true;
  if (
    /^(th|thead|caption)$/.test(name) ||
    attribs['scope'] !== undefined ||
    attribs['headers'] !== undefined
  ) {
    contents.named = true;
  }
  if (name === 'tr') contents.rows.push(element);
  if ((name === 'td' || name === 'th') && row !== undefined) {
    const cells = contents.cells.get(row);
    if (cells === undefined) contents.cells.set(row, [element]);
    else cells.push(element);
  }
}

/**
 * Returns each table of the page with its direct contents. The contents of all tables are collected in one walk
 * over the elements, because one walk per table would be slow for the deeply nested tables of mail.
 */
function tablesOf(page: Page): Map<Element, Contents> {
  const tables = new Map<Element, Contents>();
  /** The closest table and row around each element. A parent element is added before its children. */
  const around = new Map<
    unknown,
    { readonly table: Element | undefined; readonly row: Element | undefined }
  >();
  for (const element of page.elements) {
    const outer = around.get(element.parent) ?? { table: undefined, row: undefined };
    const contents = outer.table === undefined ? undefined : tables.get(outer.table);
    if (contents !== undefined) note(contents, outer.row, element);
    if (element.name === 'table') {
      if (contents !== undefined) contents.arranges = true;
      tables.set(element, { rows: [], cells: new Map(), arranges: false, named: false });
      around.set(element, { table: element, row: undefined });
    } else {
      around.set(
        element,
        PARTS.has(element.name) && element.name === 'tr' ? { ...outer, row: element } : outer,
      );
    }
  }
  return tables;
}

function holdsData({ rows, cells, arranges }: Contents): boolean {
  if (arranges || rows.length < DATA_ROWS) return false;
  const widths = new Set(rows.map((row) => cells.get(row)?.length ?? 0));
  const [width = 0] = widths;
  if (widths.size !== 1 || width < DATA_COLUMNS) return false;
  const texts = [...cells.values()].flat().map(spokenName);
  const filled = texts.filter((text) => text !== '').length;
  return filled > texts.length / 2 && texts.every((text) => text.length <= CELL_TEXT);
}

export function* tableFindings(page: Page): Generator<Finding> {
  const layout: Element[] = [];
  for (const [table, contents] of tablesOf(page)) {
    if (roleOf(table) !== '' || isAriaHidden(table) || contents.named) continue;
    if (holdsData(contents)) yield page.find('table-without-headers', table);
    else if (contents.rows.length > 0) layout.push(table);
  }
  const [first] = layout;
  if (first === undefined) return;
  const message =
    layout.length === 1 ? undefined : `${layout.length} layout tables are announced as data tables`;
  yield page.find('layout-table', first, message === undefined ? {} : { message });
}

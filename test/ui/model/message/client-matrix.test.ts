/** Tests the matrix of features and mail clients. */
import { describe, expect, it } from 'vitest';
import {
  clientMatrix,
  groupOf,
  isGroupWanted,
  toggleGroup,
  type ClientDetails,
  type Support,
} from '../../../../ui/model/message/client-matrix.ts';

const feature = (slug: string, clients: Readonly<Record<string, Support>>) => ({
  ...{ slug, title: slug, url: '', count: 1 },
  clients: Object.entries(clients).map(([client, support]) => ({ client, support })),
});
const details = (...features: ClientDetails['features']): ClientDetails => ({
  source: { name: 'Can I email', updated: '' },
  clients: [{ client: 'gmail.ios', name: 'Gmail iOS', score: 50, unsupported: [], partial: [] }],
  features,
});

describe('the matrix', () => {
  it('has the least supported feature first, and one cell for each group with a tested client', () => {
    const rows = clientMatrix(
      details(
        feature('grid', { 'gmail.ios': 'yes', 'gmail.android': 'no', 'outlook.windows': 'no' }),
        feature('gap', { 'outlook.windows': 'no', 'outlook.ios': 'unknown' }),
        feature('table', { 'gmail.ios': 'yes', 'hey.desktop-webmail': 'yes' }),
      ),
    );
    expect(rows.map(({ slug, share }) => [slug, share])).toEqual([
      ['gap', 0],
      ['grid', 1 / 3],
      ['table', 1],
    ]);
    expect(Object.entries(rows[1]!.cells).map(([group, cell]) => [group, cell.support])).toEqual([
      ['gmail', 'partial'],
      ['outlook-old', 'no'],
    ]);
    expect(rows[1]!.cells.gmail?.clients[0]).toMatchObject({ name: 'Gmail iOS', support: 'yes' });
    expect(rows[0]!.cells['outlook-new']).toBeUndefined();
    expect(rows[2]!.cells.others?.support).toBe('yes');
  });

  it('separates the Outlook of Windows from the others', () => {
    expect(['outlook.windows', 'outlook.outlook-com', 'yahoo.ios', 'web-de.ios'].map(groupOf)).toEqual([
      ...['outlook-old', 'outlook-new', 'yahoo', 'others'],
    ]);
  });
});

it('adds and removes the clients of a group', () => {
  const both = toggleGroup('hey.*', 'outlook-old');
  expect(both).toBe('hey.*, outlook.windows, outlook.windows-mail');
  expect(isGroupWanted(both, 'outlook-old')).toBe(true);
  expect(isGroupWanted('outlook.windows', 'outlook-old')).toBe(false);
  expect(toggleGroup(both, 'outlook-old')).toBe('hey.*');
});

/** Tests that the files of the search index leave the disk space to mail. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { SEARCH, SearchSegments } from '../../../server/store/json/search-segments.ts';
import { fillDisk, mountSmallDisk } from '../../helpers/small-disk.ts';
import { temporaryDirectory } from '../stores.ts';

const piece = Buffer.alloc(1000);

it('stops writing a segment when all segments are deleted', async () => {
  const directory = temporaryDirectory();
  const segments = new SearchSegments(directory, () => true);
  async function* pieces() {
    yield piece;
    segments.drop();
    yield piece;
    expect.unreachable('the segment is not written further');
  }
  await expect(segments.write(pieces())).rejects.toThrow('the disk space is needed for mail');
  expect(readdirSync(path.join(directory, SEARCH))).toEqual([]);
  const name = await segments.write(
    (async function* () {
      yield piece;
    })(),
  );
  expect(readdirSync(path.join(directory, SEARCH))).toEqual([name]);
});

it('writes no segment on a disk with less than a megabyte left', async ({ skip }) => {
  const disk = mountSmallDisk();
  if (disk === null) return skip('no disk can be mounted here');
  const segments = new SearchSegments(disk, () => true);
  async function* pieces() {
    yield piece;
    fillDisk(disk!);
    yield piece;
  }
  await expect(segments.write(pieces())).rejects.toThrow('the disk space is needed for mail');
  expect(readdirSync(path.join(disk, SEARCH))).toEqual([]);
});

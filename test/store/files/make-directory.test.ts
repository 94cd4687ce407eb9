import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeDirectory } from '../../../server/store/files/make-directory.ts';

async function scratch(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'restante-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

it('creates missing directories with the given mode, and accepts existing ones', async () => {
  const folder = await scratch();
  const deep = path.join(folder, 'a', 'b', 'c');
  await makeDirectory(deep, 0o700);
  expect((await stat(deep)).mode & 0o777).toBe(0o700);
  await makeDirectory(deep);
  await makeDirectory(`${deep}${path.sep}`);
  await symlink(deep, path.join(folder, 'link'));
  await makeDirectory(path.join(folder, 'link'));
});

it('rejects with the error of the file system for a file in the path', async () => {
  const folder = await scratch();
  const file = path.join(folder, 'file');
  await writeFile(file, '');
  await expect(makeDirectory(file)).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeDirectory(path.join(file, 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

it.runIf(process.platform === 'linux')('fails if no directory can be created', async () => {
  await expect(makeDirectory('/proc/restante')).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(makeDirectory('/proc/restante/mail')).rejects.toMatchObject({ code: 'ENOENT' });
});

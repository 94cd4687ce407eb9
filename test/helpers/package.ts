/** Installs the package as it is published, and lists the packages that an installation contains. */
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { root } from './documentation.ts';
import { mustRun } from './tool.ts';

export interface Packed {
  /** Size of the tarball and of the unpacked files, in octets. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** Flags of a package in package-lock.json; a package that a normal installation needs has none of them. */
interface Flags {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly peer?: boolean;
}
interface Lock {
  readonly packages: Readonly<Record<string, Flags>>;
}

/**
 * Returns the folders of the packages that an installation without development dependencies contains, such as
 * `node_modules/nodemailer`.
 */
export function runtimePackages(): string[] {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as Lock;
  return Object.entries(packages).flatMap(([folder, { dev, devOptional, optional, peer }]) =>
    folder === '' || [dev, devOptional, optional, peer].includes(true) ? [] : [folder],
  );
}

/** Packs the built package and unpacks it into the `node_modules` folder of a project. */
export async function installPackage(project: string): Promise<Packed> {
  const target = path.join(project, 'node_modules', 'restante');
  mkdirSync(target, { recursive: true });
  const args = ['pack', '--json', '--ignore-scripts', '--silent', '--pack-destination', project];
  const [packed] = JSON.parse(await mustRun('npm', args, { cwd: root })) as (Packed & { filename: string })[];
  if (packed === undefined) throw new Error('npm packed nothing');
  await mustRun('tar', ['-xzf', path.join(project, packed.filename), '--strip-components=1'], {
    cwd: target,
  });
  return packed;
}

/** Links packages of this repository into a project's `node_modules`. */
export function linkPackages(into: string, names: readonly string[]): void {
  for (const name of names) {
    const link = path.join(into, 'node_modules', name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(root, 'node_modules', name), link);
  }
}

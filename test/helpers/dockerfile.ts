/** Parses docker/Dockerfile into stages of instructions. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './documentation.ts';

export interface Instruction {
  /** The name of the instruction, such as `COPY` or `RUN`. */
  readonly name: string;
  /** The arguments of the instruction, joined to one line. */
  readonly text: string;
}

/** Returns the instructions of each stage, including FROM. */
export function dockerfile(): readonly (readonly Instruction[])[] {
  const text = readFileSync(path.join(root, 'docker/Dockerfile'), 'utf8');
  const stages: Instruction[][] = [];
  for (const line of text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n/g, '')
    .split('\n')) {
    const [, name = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    if (name === 'FROM') stages.push([]);
    if (name !== '') stages.at(-1)?.push({ name, text: rest.replaceAll(/ +/g, ' ') });
  }
  return stages;
}

/** Returns the arguments of every instruction with the given name in a stage. */
export const saidBy = (stage: readonly Instruction[], name: string): string[] =>
  stage.filter((instruction) => instruction.name === name).map(({ text }) => text);

/** Returns the environment variables of the image. */
export const imageEnvironment = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    saidBy(dockerfile().at(-1) ?? [], 'ENV').flatMap((text) =>
      text.split(' ').map((pair) => pair.split('=', 2) as [string, string]),
    ),
  );

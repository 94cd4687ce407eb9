/** The calls for projects, which group inboxes. */
import { jsonAnswer } from '../answer.ts';
import type { Call, CompatDeps, Handler } from '../call.ts';
import { notFound } from './errors.ts';
import { attributesIn, nameIn, PERMISSIONS, presentInboxes, removeInboxes } from './inboxes.ts';
import { DEFAULT_ID, DEFAULT_NAME, newNumber, numberIn, projectsOf } from './records.ts';

const present = async (deps: CompatDeps, call: Call, id: number, name: string) => ({
  id,
  name,
  share_links: { admin: '', viewer: '' },
  inboxes: await presentInboxes(deps, call, id),
  permissions: PERMISSIONS,
});

/** Returns the number and the name of the project that the path names. The default project always exists. */
async function findProject(deps: CompatDeps, { params }: Call): Promise<{ id: number; name: string }> {
  const id = numberIn(params, 'project');
  const record = await projectsOf(deps).get(String(id));
  if (record === undefined && id !== DEFAULT_ID) throw notFound();
  return { id, name: record?.name ?? DEFAULT_NAME };
}

export const listProjects: Handler = async (deps, call) => {
  const stored = await projectsOf(deps).list();
  const projects =
    stored.length === 0
      ? [{ id: DEFAULT_ID, name: DEFAULT_NAME }]
      : stored.map(({ key, value }) => ({ id: Number(key), name: value.name }));
  return jsonAnswer(await Promise.all(projects.map(({ id, name }) => present(deps, call, id, name))));
};

export const createProject: Handler = async (deps, call) => {
  const name = nameIn(await attributesIn(call, 'project'));
  const id = newNumber(deps);
  await projectsOf(deps).put(String(id), { name });
  return jsonAnswer(await present(deps, call, id, name));
};

export const getProject: Handler = async (deps, call) => {
  const { id, name } = await findProject(deps, call);
  return jsonAnswer(await present(deps, call, id, name));
};

export const updateProject: Handler = async (deps, call) => {
  const { id } = await findProject(deps, call);
  const name = nameIn(await attributesIn(call, 'project'));
  await projectsOf(deps).put(String(id), { name });
  return jsonAnswer(await present(deps, call, id, name));
};

/** Deletes a project with its inboxes and their messages. */
export const deleteProject: Handler = async (deps, call) => {
  const { id } = await findProject(deps, call);
  await removeInboxes(deps, call, id);
  await projectsOf(deps).delete(String(id));
  return jsonAnswer({ id });
};

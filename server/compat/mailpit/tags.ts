/** The calls that change tags. */
import type { MessageId } from '../../store/ids.ts';
import type { Query } from '../../store/find/language/ast.ts';
import { CallError } from '../answer.ts';
import { parseMembers, readBody, refuseOthers, textIn, textsIn } from '../body.ts';
import type { Call, CompatDeps, Handler } from '../call.ts';
import { OK } from './errors.ts';
import { cleanTag, cleanTags } from './tag-names.ts';

export const setTags: Handler = async ({ store }, { account, request }) => {
  const members = parseMembers(await readBody(request));
  refuseOthers(members, ['Tags', 'IDs']);
  const tags = cleanTags(textsIn(members, 'Tags'));
  for (const id of textsIn(members, 'IDs') as readonly MessageId[]) {
    const listed = await store.messages.listed(id, account);
    if (listed === undefined) continue;
    const removed = listed.summary.tags.filter((tag) => !tags.includes(tag));
    await store.messages.tag([id], tags, removed);
  }
  return OK;
};

/** Returns the query for the messages with a tag. Throws if no message in the account has the tag. */
async function tagged(
  { store }: CompatDeps,
  { account, params }: Call,
): Promise<{ tag: string; query: Query }> {
  const tag = params['tag'] ?? '';
  const known = await store.messages.tags(account);
  if (!known.some((each) => each.tag === tag)) throw new CallError(`tag not found: ${tag}`);
  return { tag, query: { kind: 'text', field: 'tag', value: tag } };
}

export const renameTag: Handler = async (deps, call) => {
  const members = parseMembers(await readBody(call.request));
  refuseOthers(members, ['Name']);
  const name = cleanTag(textIn(members, 'Name'));
  if (name === '') throw new CallError(`invalid tag name: ${name}`);
  const { tag, query } = await tagged(deps, call);
  if (tag === name) return OK;
  const { messages } = deps.store;
  const isOther = (other: string): boolean => other !== tag && other.toLowerCase() === name.toLowerCase();
  if ((await messages.tags(call.account)).some((each) => isOther(each.tag)))
    throw new CallError(`tag already exists: ${name}`);
  await messages.markMatching({ account: call.account, query }, { addTags: [name], removeTags: [tag] });
  return OK;
};

export const deleteTag: Handler = async (deps, call) => {
  const { tag, query } = await tagged(deps, call);
  await deps.store.messages.markMatching({ account: call.account, query }, { removeTags: [tag] });
  return OK;
};

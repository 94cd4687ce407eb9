/**
 * Threads (RFC 5256 §3 THREAD, §5): by subject, or by References. The functions are pure: they convert messages
 * to trees of message numbers.
 */
import { baseSubject } from './base-subject.ts';

export interface Threadable {
  /** Sequence number or UID of the message for the response. */
  readonly number: number;
  readonly subject: string;
  /** Date of the message in milliseconds since the epoch. */
  readonly sentAt: number;
  /** Message-ID without angle brackets; `null` if it is missing. */
  readonly messageId: string | null;
  /** Message ids in References, or in In-Reply-To if there is no References; the oldest first. */
  readonly references: readonly string[];
}

/** A message with its replies; `number` is `null` for a node whose message is missing but which has replies. */
export interface Thread {
  readonly number: number | null;
  readonly children: readonly Thread[];
}

/** Maximum depth of a thread. Deeper threads are flattened, because the depth of the recursion must be limited. */
const MAX_DEPTH = 100;
/** Maximum number of ancestors that are followed when a loop of references is searched. */
const MAX_CLIMB = 1_000;

interface Node {
  message: Threadable | null;
  parent: Node | null;
  children: Node[];
}

const newNode = (message: Threadable | null): Node => ({ message, parent: null, children: [] });

/**
 * Builds threads by the algorithm ORDEREDSUBJECT: the oldest message of each subject, with the other messages of
 * the subject as its replies.
 */
export function threadBySubject(messages: readonly Threadable[]): Thread[] {
  const groups = new Map<string, Threadable[]>();
  for (const message of [...messages].sort(byDate)) {
    const { base } = baseSubject(message.subject);
    const group = groups.get(base);
    if (group === undefined) groups.set(base, [message]);
    else group.push(message);
  }
  return [...groups.values()].flatMap(([first, ...others]): Thread[] =>
    first === undefined
      ? []
      : [{ number: first.number, children: others.map(({ number }) => ({ number, children: [] })) }],
  );
}

/**
 * Builds threads by the algorithm REFERENCES: the trees that Message-ID, References and In-Reply-To form. Trees
 * whose roots have the same subject are joined.
 */
export function threadByReferences(messages: readonly Threadable[]): Thread[] {
  const roots = prune(linkByReferences(messages));
  sortByDate(roots);
  const joined = joinSubjects(roots);
  sortByDate(joined);
  return joined.map((node) => asThread(node, 0));
}

function linkByReferences(messages: readonly Threadable[]): Node[] {
  const nodes = new Map<string, Node>();
  const all: Node[] = [];
  const nodeFor = (id: string): Node => {
    const known = nodes.get(id);
    if (known !== undefined) return known;
    const node = newNode(null);
    nodes.set(id, node);
    all.push(node);
    return node;
  };
  for (const message of messages) {
    let node = message.messageId === null ? null : nodeFor(message.messageId);
    if (node?.message !== null) {
      // A message without an id, or with the same id as another message, gets a node of its own.
      node = newNode(null);
      all.push(node);
    }
    node.message = message;
    let parent: Node | null = null;
    for (const reference of message.references) {
      const next = nodeFor(reference);
      if (parent !== null && next.parent === null && !isBelow(parent, next)) attach(next, parent);
      parent = next;
    }
    detach(node);
    if (parent !== null && !isBelow(parent, node)) attach(node, parent);
  }
  return all.filter(({ parent }) => parent === null);
}

/**
 * Returns whether `node` is `ancestor` or one of its descendants. If the limit of followed ancestors is
 * reached, the result is true.
 */
function isBelow(node: Node, ancestor: Node): boolean {
  if (ancestor.children.length === 0) return node === ancestor;
  let at: Node | null = node;
  for (let depth = 0; at !== null && depth < MAX_CLIMB; depth++) {
    if (at === ancestor) return true;
    at = at.parent;
  }
  return at !== null;
}

function attach(node: Node, parent: Node): void {
  node.parent = parent;
  parent.children.push(node);
}

function detach(node: Node): void {
  if (node.parent === null) return;
  const { children } = node.parent;
  children.splice(children.indexOf(node), 1);
  node.parent = null;
}

/**
 * Removes nodes without a message. Their children replace them, except that a root with several children
 * remains.
 */
function prune(roots: readonly Node[]): Node[] {
  const order: Node[] = [];
  const stack = [...roots];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    order.push(node);
    stack.push(...node.children);
  }
  for (const node of order.reverse()) {
    node.children = node.children.flatMap((child) => (child.message === null ? child.children : [child]));
    for (const child of node.children) child.parent = node;
  }
  return roots.flatMap((root) => {
    if (root.message !== null || root.children.length > 1) return [root];
    for (const child of root.children) child.parent = null;
    return root.children;
  });
}

const dateOf = (node: Node): number => node.message?.sentAt ?? node.children[0]?.message?.sentAt ?? 0;
const numberOf = (node: Node): number => node.message?.number ?? node.children[0]?.message?.number ?? 0;

function byDate(a: Threadable, b: Threadable): number {
  return a.sentAt - b.sentAt || a.number - b.number;
}

function sortByDate(roots: Node[]): void {
  const lists = [roots];
  const order: Node[][] = [];
  for (let list = lists.pop(); list !== undefined; list = lists.pop()) {
    order.push(list);
    for (const { children } of list) if (children.length > 0) lists.push(children);
  }
  // The innermost level is sorted first, because a node without a message is sorted by the date of its first
  // child.
  for (const list of order.reverse()) list.sort((a, b) => dateOf(a) - dateOf(b) || numberOf(a) - numberOf(b));
}

const subjectOf = (node: Node): string => node.message?.subject ?? node.children[0]?.message?.subject ?? '';

/**
 * Returns whether the thread `root` replaces `known` as the main thread of its subject (RFC 5256 §3, REFERENCES
 * step 5.B).
 */
function replaces(root: Node, isReply: boolean, known: Node): boolean {
  if (known.message === null) return false;
  return root.message === null || (baseSubject(subjectOf(known)).isReply && !isReply);
}

/** Returns the main thread of each base subject, to which the other threads of the subject are added. */
function mainThreads(roots: readonly Node[]): ReadonlyMap<string, Node> {
  const table = new Map<string, Node>();
  for (const root of roots) {
    const { base, isReply } = baseSubject(subjectOf(root));
    if (base === '') continue;
    const known = table.get(base);
    if (known === undefined || replaces(root, isReply, known)) table.set(base, root);
  }
  return table;
}

/** Adds the thread `root` to the main thread of its subject (RFC 5256 §3, REFERENCES step 5.C). */
function joinThread(root: Node, isReply: boolean, main: Node): void {
  if (main.message === null) {
    for (const node of root.message === null ? root.children : [root]) attach(node, main);
    return;
  }
  if (isReply && !baseSubject(subjectOf(main)).isReply) {
    attach(root, main);
    return;
  }
  // Neither message is a reply to the other message: both become children of a new node without a message.
  const twin = newNode(main.message);
  for (const child of main.children) attach(child, twin);
  main.message = null;
  main.children = [];
  attach(twin, main);
  attach(root, main);
}

/** Joins the threads of one base subject (RFC 5256 §3, REFERENCES step 5). */
function joinSubjects(roots: readonly Node[]): Node[] {
  const table = mainThreads(roots);
  const gone = new Set<Node>();
  for (const root of roots) {
    const { base, isReply } = baseSubject(subjectOf(root));
    const main = table.get(base);
    if (main === undefined || main === root) continue;
    gone.add(root);
    joinThread(root, isReply, main);
  }
  return roots.filter((root) => !gone.has(root));
}

function asThread(node: Node, depth: number): Thread {
  const children = depth < MAX_DEPTH ? node.children : flatten(node.children);
  const number = node.message?.number ?? null;
  return { number, children: children.map((child) => asThread(child, depth < MAX_DEPTH ? depth + 1 : 0)) };
}

function flatten(nodes: readonly Node[]): Node[] {
  const flat: Node[] = [];
  const stack = [...nodes].reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    stack.push(...[...node.children].reverse());
    if (node.message !== null) flat.push(newNode(node.message));
  }
  return flat;
}

/** Encodes threads as `thread-list`: `(1 2 (3)(4 5))`. */
export function encodeThreads(threads: readonly Thread[]): string {
  return threads.map((thread) => `(${encodeThread(thread)})`).join('');
}

function encodeThread({ number, children }: Thread): string {
  const [only] = children;
  const rest =
    children.length === 1 && only !== undefined && number !== null
      ? encodeThread(only)
      : encodeThreads(children);
  return [...(number === null ? [] : [String(number)]), ...(rest === '' ? [] : [rest])].join(' ');
}

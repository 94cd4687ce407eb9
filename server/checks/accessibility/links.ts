/** The accessibility rules about the texts of links. */
import type { Finding } from '../../message/finding.ts';
import type { Element } from '../html.ts';
import { isAriaHidden, spokenName, type Page } from './page.ts';

/** Link texts that do not describe the target of the link, in the most common languages of mail. */
const VAGUE = new Set(
  (
    'here|click here|click|tap here|press here|link|this link|this|more|read more|learn more|see more|more info|' +
    'more information|details|continue|go|hier|hier klicken|klicken sie hier|klick hier|mehr|weiterlesen|mehr lesen|' +
    'mehr erfahren|ici|cliquez ici|cliquer ici|lire la suite|en savoir plus|plus|aquí|haz clic aquí|haga clic aquí|' +
    'leer más|más|ver más|qui|clicca qui|leggi tutto|clique aqui|aqui|saiba mais|leia mais|klik hier|lees meer|kliknij tutaj'
  ).split('|'),
);

/** The maximum length of a URL that is acceptable as a link text, because a screen reader reads it out quickly. */
const SHORT_ADDRESS = 30;

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[\s\u00a0]+/g, ' ')
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');

const isAddress = (text: string): boolean =>
  /^(https?:\/\/|www\.)\S+$/i.test(text) && text.length > SHORT_ADDRESS;

/** Returns a URL without its query and fragment, which often contain only click tracking. */
const targetOf = (href: string): string =>
  href
    .trim()
    .replace(/[?#].*$/s, '')
    .toLowerCase();

function hasImage(link: Element): boolean {
  const stack = [...link.children];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if ('name' in node && (node.name === 'img' || node.name === 'svg')) return true;
    if ('children' in node) for (const child of node.children) stack.push(child);
  }
  return false;
}

export function* linkFindings({ elements, find }: Page): Generator<Finding> {
  const targets = new Map<string, string>();
  const told = new Set<string>();
  for (const link of elements) {
    const href = link.attribs['href'];
    if (link.name !== 'a' || href === undefined || isAriaHidden(link)) continue;
    const name = spokenName(link);
    const text = plain(name);
    if (name === '') {
      if (link.attribs['aria-labelledby'] !== undefined) continue;
      yield find(hasImage(link) ? 'image-link-without-alt' : 'empty-link', link);
      continue;
    }
    if (VAGUE.has(text)) {
      yield find('vague-link', link, {
        message: `The link text “${name}” does not describe the target of the link`,
      });
      continue;
    }
    if (isAddress(name)) yield find('url-as-link-text', link);
    const target = targetOf(href);
    const other = targets.get(text);
    if (other === undefined) targets.set(text, target);
    else if (other !== target && !told.has(text) && text !== '') {
      told.add(text);
      yield find('same-link-text', link, {
        message: `Links with the text “${name.slice(0, 60)}” lead to different places`,
      });
    }
  }
}

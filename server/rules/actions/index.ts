/**
 * The actions by name, in the order in which the actions of one rule are performed: first the delays, then the
 * actions whose effect is planned for the message, and last the actions that decide the reply.
 */
import type { AnyAction } from '../action.ts';
import { accept } from './accept.ts';
import { autoReply } from './auto-reply.ts';
import { bounce } from './bounce.ts';
import { deliverTo } from './deliver-to.ts';
import { delay } from './delay.ts';
import { discard } from './discard.ts';
import { disconnect } from './disconnect.ts';
import { greylist } from './greylist.ts';
import { quota } from './quota.ts';
import { reject } from './reject.ts';
import { relay } from './relay.ts';
import { tag } from './tag.ts';
import { throttle } from './throttle.ts';
import { webhook } from './webhook.ts';

export const actions: ReadonlyMap<string, AnyAction> = new Map(
  [
    delay,
    throttle,
    tag,
    deliverTo,
    bounce,
    autoReply,
    webhook,
    relay,
    greylist,
    quota,
    disconnect,
    reject,
    discard,
    accept,
  ].map((action) => [action.name, action]),
);

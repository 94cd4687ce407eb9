/**
 * The calls of the emulated tools. They are loaded together with the first request to one of the tools, so that they do
 * not prolong the start of the server.
 */
export { runCall as maildev } from './maildev/calls.ts';
export { runCall as mailhog } from './mailhog/calls.ts';
export { runCall as mailosaur } from './mailosaur/calls.ts';
export { runCall as mailpit } from './mailpit/calls.ts';
export { runCall as mailtrap } from './mailtrap/calls.ts';

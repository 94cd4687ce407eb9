/** The jobs of the emulated tools that run in worker threads. They are loaded together with the first of them. */
export * as maildev from './maildev/content.ts';
export * as mailhog from './mailhog/content.ts';
export * as mailosaur from './mailosaur/content.ts';
export * as mailpit from './mailpit/parts.ts';
export * as mailtrap from './mailtrap/content.ts';

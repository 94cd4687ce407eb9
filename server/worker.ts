/** Entry point of the worker threads, which parse messages: registers all jobs of the program by name. */
import { parentPort } from 'node:worker_threads';
import { serveJobs } from './thread/serve.ts';

if (parentPort !== null) {
  serveJobs(parentPort, {
    prepare: async () => (await import('./store/engine/prepare/job.ts')).job,
    searchable: async () => (await import('./store/find/pages/searchable.ts')).job,
    detail: async () => (await import('./service/reading/jobs.ts')).detailJob,
    text: async () => (await import('./service/reading/jobs.ts')).textJob,
    'shown-text': async () => (await import('./service/reading/jobs.ts')).shownTextJob,
    preview: async () => (await import('./service/reading/jobs.ts')).previewJob,
    'client-view': async () => (await import('./service/client-view/job.ts')).viewJob,
    part: async () => (await import('./service/reading/jobs.ts')).partJob,
    'link-addresses': async () => (await import('./checks/links/addresses-job.ts')).job,
    authenticity: async () => (await import('./checks/authenticity/judge-job.ts')).job,
    'static-checks': async () => (await import('./checks/static-job.ts')).job,
    protocol: async () => (await import('./checks/protocol/job.ts')).job,
    'mailpit-content': async () => (await import('./compat/jobs.ts')).mailpit.contentJob,
    'mailpit-part': async () => (await import('./compat/jobs.ts')).mailpit.partJob,
    'maildev-content': async () => (await import('./compat/jobs.ts')).maildev.contentJob,
    'maildev-attachment': async () => (await import('./compat/jobs.ts')).maildev.attachmentJob,
    'mailosaur-content': async () => (await import('./compat/jobs.ts')).mailosaur.contentJob,
    'mailtrap-content': async () => (await import('./compat/jobs.ts')).mailtrap.contentJob,
    'mailhog-content': async () => (await import('./compat/jobs.ts')).mailhog.contentJob,
    'mailhog-part': async () => (await import('./compat/jobs.ts')).mailhog.partJob,
    'provider-render': async () => (await import('./providers/render-job.ts')).renderJob,
    judge: async () => (await import('./rules/judge-job.ts')).job,
  });
}

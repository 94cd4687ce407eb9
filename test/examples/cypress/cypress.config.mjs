import { defineConfig } from 'cypress';
import { mailTasks } from 'restante/cypress/plugin';
import { startApp } from '../app.mjs';

export default defineConfig({
  e2e: {
    supportFile: 'support.js',
    specPattern: 'e2e/*.cy.js',
    async setupNodeEvents(on, config) {
      const sandbox = await mailTasks(on);
      config.baseUrl = (await startApp(sandbox.smtp.url)).url;
      return config;
    },
  },
});

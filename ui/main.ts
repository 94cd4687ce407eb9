/** The entry point of the web UI: creates and mounts the Vue application. */
import { createApp } from 'vue';
import App from './App.vue';
import { router } from './router.ts';
import { routes } from './routes.ts';
import { startDirection } from './state/app/direction.ts';
import { startTheme } from './state/app/theme.ts';
import './styles/main.css';

// A file of the UI is missing after the server was upgraded; the page of the new version names other files. A second
// reload within ten seconds would not help.
window.addEventListener('vite:preloadError', () => {
  if (performance.now() > 10_000) window.location.reload();
});
startTheme();
startDirection();
for (const route of routes) router.addRoute(route);
createApp(App).use(router).mount('#app');

/** The entry point of the web UI: creates and mounts the Vue application. */
import { createApp } from 'vue';
import App from './App.vue';
import { router } from './router.ts';
import { routes } from './routes.ts';
import { startDirection } from './state/app/direction.ts';
import { startTheme } from './state/app/theme.ts';
import './styles/main.css';

startTheme();
startDirection();
for (const route of routes) router.addRoute(route);
createApp(App).use(router).mount('#app');

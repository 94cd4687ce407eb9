/** The routes with the component of each view; all views but the inbox are loaded on demand. */
import type { RouteRecordRaw } from 'vue-router';
import { paths } from './paths.ts';
import { ALL } from './router.ts';
import InboxView from './views/InboxView.vue';

export const routes: readonly RouteRecordRaw[] = [
  { path: paths.home, redirect: { name: 'inbox', params: { account: ALL } } },
  { path: paths.inbox, name: 'inbox', component: InboxView },
  {
    path: paths.compare,
    name: 'compare',
    component: () => import('./views/CompareView.vue'),
  },
  { path: paths.watch, name: 'watch', component: () => import('./views/WatchView.vue') },
  { path: paths.accounts, name: 'accounts', component: () => import('./views/AccountsView.vue') },
  { path: paths.rules, name: 'rules', component: () => import('./views/RulesView.vue') },
  { path: paths.relay, name: 'relay', component: () => import('./views/RelayView.vue') },
  { path: paths.server, name: 'server', component: () => import('./views/ServerView.vue') },
  { path: '/:rest(.*)*', name: 'missing', component: () => import('./views/MissingView.vue') },
];

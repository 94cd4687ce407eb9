/** The views by their addresses; all but the inbox are loaded when needed. */
import type { RouteRecordRaw } from 'vue-router';
import { ALL } from './router.ts';
import InboxView from './views/InboxView.vue';

export const routes: readonly RouteRecordRaw[] = [
  { path: '/', redirect: { name: 'inbox', params: { account: ALL } } },
  { path: '/inbox/:account/:id?/:tab?', name: 'inbox', component: InboxView },
  {
    path: '/compare/:left/:right/:view?',
    name: 'compare',
    component: () => import('./views/CompareView.vue'),
  },
  { path: '/accounts', name: 'accounts', component: () => import('./views/AccountsView.vue') },
  { path: '/rules', name: 'rules', component: () => import('./views/RulesView.vue') },
  { path: '/relay', name: 'relay', component: () => import('./views/RelayView.vue') },
  { path: '/server', name: 'server', component: () => import('./views/ServerView.vue') },
  { path: '/:rest(.*)*', name: 'missing', component: () => import('./views/MissingView.vue') },
];

/// <reference types="vite/client" />

/** For tools that do not read components; vue-tsc does, and knows better. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  export default component;
}

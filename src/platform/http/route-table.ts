/** The routes as they were registered: the matrix of access, the API description and 405 are made from this. */
import type { RouteOptions } from 'fastify';
import type { App, Route } from './app-types.ts';

/** Collects every route registered after it. */
export function collectRoutes(app: App): Route[] {
  const table: Route[] = [];
  app.decorate('routeTable', table);
  app.addHook('onRoute', (route: RouteOptions) => {
    // the very object the route keeps: what a later hook adds to it is seen here
    route.config ??= {};
    for (const method of [route.method].flat()) {
      if (method === 'HEAD' || method === 'OPTIONS') continue;
      table.push({ method, url: route.url, config: route.config, schema: route.schema ?? {} });
    }
  });
  return table;
}

/** The methods an address knows; empty where there is no such address. */
export function methodsOf(table: readonly Route[], path: string): string[] {
  const methods = new Set(table.filter(route => matches(route.url, path)).map(route => route.method));
  return methods.size === 0 ? [] : [...methods, ...(methods.has('GET') ? ['HEAD'] : []), 'OPTIONS'].sort();
}

function matches(url: string, path: string): boolean {
  const pattern = url.split('/');
  const parts = path.split('/');
  return (
    pattern.length === parts.length &&
    pattern.every((part, at) => (part.startsWith(':') ? parts[at] !== '' : part === parts[at]))
  );
}

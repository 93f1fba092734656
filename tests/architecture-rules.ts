/** Imports go one way, in one total order; a module is entered through its index.ts. Read by tests/architecture.test.ts. */
const ORDER = [
  'core',
  'platform',
  'access',
  'firm',
  'exchange',
  'catalog',
  'pricing',
  'inventory',
  'settlement',
  'orders',
  'tickets',
  'claims',
  'insights',
  'integrations',
  'demo',
];
const MODULES = ORDER.filter(name => name !== 'core' && name !== 'platform');

/** A folder may import itself and what stands before it. */
const upward = ORDER.map((name, at) => ({
  name: `${name}-looks-down-only`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: {
    path: `^src/(${[...ORDER.slice(at + 1), 'roles'].join('|')})/|^src/(app|worker|main|config|composition)\\.ts$`,
  },
}));

const throughIndex = MODULES.map(name => ({
  name: `${name}-is-entered-through-its-index`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${name}/` },
  to: { path: `^src/${name}/`, pathNot: `^src/${name}/index\\.ts$` },
}));

export const forbidden = [
  ...upward,
  ...throughIndex,
  { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'core-is-a-leaf',
    severity: 'error',
    from: { path: '^src/core/' },
    to: { pathNot: '^src/core/|node_modules/big\\.js|^big\\.js' },
  },
  {
    name: 'big-js-in-one-file',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/core/decimal\\.ts$' },
    to: { path: 'big\\.js' },
  },
  { name: 'nothing-imports-main', severity: 'error', from: {}, to: { path: '^src/main\\.ts$' } },
  {
    name: 'product-does-not-import-tests',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '^(tests|bench)/' },
  },
];

/** Without swc nothing is cruised under TypeScript 7, and every rule passes. */
export const options = {
  parser: 'swc',
  doNotFollow: { path: 'node_modules' },
  tsPreCompilationDeps: true,
  enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js'] },
} as const;

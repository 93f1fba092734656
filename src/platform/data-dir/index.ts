export { type DataDir, openDataDir } from './open-data-dir.ts';

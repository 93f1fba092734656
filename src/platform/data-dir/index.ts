export { type DataDir, type OpenDataDirOptions, openDataDir } from './open-data-dir.ts';

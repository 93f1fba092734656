import { defineConfig } from 'vitest/config';
import usual from './vitest.config.ts';

/** The second tier: everything of the first, and the tests that take their time. */
export default defineConfig({
  test: {
    ...usual.test,
    include: ['tests/**/*.test.ts'],
    exclude: ['node_modules/**'],
    testTimeout: 900_000,
    hookTimeout: 300_000,
  },
});

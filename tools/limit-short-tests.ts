import { expect, vi } from 'vitest';

/**
 * Run by vitest before each test file of a package: tests beside a source are short, so one that hangs fails
 * soon.
 */
if (expect.getState().testPath?.includes('/src/')) vi.setConfig({ testTimeout: 30_000 });

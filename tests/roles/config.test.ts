import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, isLoopback, readConfig } from '../../src/config.ts';

function complaintsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.complaints;
    throw error;
  }
}

describe('settings', () => {
  it('all have a default', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      demo: true,
      databaseUrl: null,
      timeZone: 'Asia/Shanghai',
      timeZoneIsSet: false,
    });
  });

  it('leave the demo out on an own database unless it is asked for', () => {
    const DATABASE_URL = 'postgres://u:p@127.0.0.1:5432/d';
    expect(readConfig({ DATABASE_URL }).demo).toBe(false);
    expect(readConfig({ DATABASE_URL, DEMO: '1' }).demo).toBe(true);
  });

  it('are complained about all at once', () => {
    const complaints = complaintsOf({
      PORT: '80a',
      DATABASE_URL: 'mysql://x',
      REDIS_URL: 'x',
      DEMO: 'yes',
      TZ_BUSINESS: 'Mars/Base',
      LOG_LEVEL: 'loud',
      SESSION_SECRET: 'short',
      ADMIN_LOGIN: 'admin',
      DEMO_TODAY: 'today',
    });
    for (const name of [
      'PORT',
      'DATABASE_URL',
      'REDIS_URL',
      'DEMO ',
      'TZ_BUSINESS',
      'LOG_LEVEL',
      'SESSION_SECRET',
      'ADMIN_LOGIN',
      'DEMO_TODAY',
    ]) {
      expect(
        complaints.some(complaint => complaint.includes(name)),
        name,
      ).toBe(true);
    }
  });

  it('all stand in .env.example, and nothing else does', () => {
    const example = readFileSync(join(import.meta.dirname, '..', '..', '.env.example'), 'utf8');
    const source = readFileSync(join(import.meta.dirname, '..', '..', 'src', 'config.ts'), 'utf8');
    const named = [...example.matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map(match => match[1]).sort();
    const read = [...new Set([...source.matchAll(/get\('([A-Z_]+)'\)/g)].map(match => match[1]))].sort();
    expect(named).toEqual(read);
  });

  it('know loopback hosts', () => {
    expect(['127.0.0.1', '127.9.9.9', 'localhost', '::1'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '10.0.0.1', 'example.org', '::', '127.0.0.1.evil.org'].some(isLoopback)).toBe(false);
  });
});

import { PERMISSIONS } from './permissions.ts';
import type { Context } from './principal.ts';

/** The firm's own command line and schedules: may do everything, and stands in the audit as `system:<name>`. */
export function systemContext(name: string, now: Date, today: string): Context {
  const principal = {
    name: `system:${name}`,
    roles: [],
    permissions: new Set(PERMISSIONS),
    dealerId: null,
    dealerCode: null,
    language: 'zh' as const,
  };
  return { principal, now, today };
}

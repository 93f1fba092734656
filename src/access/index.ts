export { hashKey } from './api-key.ts';
export { appendAudit } from './audit.ts';
export { registerAuthentication } from './authentication.ts';
export { command, contextOf } from './command.ts';
export { problem } from './errors.ts';
export { PERMISSIONS, type Permission, ROLE_PERMISSIONS, ROLES, type Role } from './permissions.ts';
export { type Context, dealerCodeFor, type Principal, visibleDealer } from './principal.ts';
export { systemContext } from './system.ts';

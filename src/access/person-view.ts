import { type Static, Type } from 'typebox';
import { Code, closed, Instant, nullable, oneOf, Version } from '../platform/http/schemas.ts';
import { ROLES } from './permissions.ts';
import type { Person } from './person.ts';

export const Login = Type.String({
  pattern: '^[a-z0-9][a-z0-9._@+-]{1,99}$',
  maxLength: 100,
  description: 'Lower-case letters, digits and . _ @ + -',
  examples: ['demo-parts'],
});
export const PersonName = Type.String({ minLength: 1, maxLength: 200, examples: ['王芳'] });
export const Language = oneOf(['zh', 'en']);
export const Roles = Type.Array(oneOf(ROLES), { minItems: 1, maxItems: ROLES.length, uniqueItems: true });

export const PersonView = closed(
  {
    login: Login,
    nameZh: nullable(PersonName),
    nameEn: nullable(PersonName),
    roles: Roles,
    dealerCode: nullable(Code),
    language: Language,
    active: Type.Boolean(),
    lockedUntil: nullable(Instant),
    version: Version,
    createdAt: Instant,
  },
  { title: 'Person' },
);

export function viewPerson({ id: _, ...person }: Person, now: Date): Static<typeof PersonView> {
  const locked = person.lockedUntil !== null && person.lockedUntil > now.toISOString();
  return { ...person, roles: [...person.roles], lockedUntil: locked ? person.lockedUntil : null };
}

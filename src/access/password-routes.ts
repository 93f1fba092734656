/** Everybody changes the own password, knowing the current one; all other sessions end. */
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { closed } from '../platform/http/schemas.ts';
import { appendAudit } from './audit.ts';
import { command, contextOf } from './command.ts';
import { problem } from './errors.ts';
import { hashPassword, requireStrongPassword } from './password.ts';
import { setOwnPassword } from './person.ts';
import { NewPassword } from './person-routes.ts';
import { PersonView, viewPerson } from './person-view.ts';
import { revokeSessionsOf } from './session.ts';
import { signedInOf } from './session-routes.ts';
import { tryPassword } from './sign-in.ts';

const PasswordChange = closed({ currentPassword: NewPassword, newPassword: NewPassword });

export function registerPasswordRoutes(app: App, dependencies: Dependencies): void {
  app.put(
    '/v1/passwords/current',
    {
      config: { permission: 'person', problems: ['PASSWORD_WRONG', 'PASSWORD_WEAK'] },
      onRequest: app.limitOf(20),
      schema: {
        tags: ['people'],
        summary: 'Changes the own password and ends all other sessions',
        body: PasswordChange,
        response: { 200: PersonView },
      },
    },
    async (request, reply) => {
      const { login, personId, sessionId } = signedInOf(request);
      const { currentPassword, newPassword } = request.body;
      requireStrongPassword(login, newPassword);
      const context = contextOf(dependencies, request);
      const known = await tryPassword(dependencies.database, context, login, currentPassword);
      if (known === null) throw problem('PASSWORD_WRONG');
      const passwordHash = await hashPassword(newPassword);
      return await command(dependencies, request, reply, async tx => {
        const person = await setOwnPassword(tx, personId, login, passwordHash);
        await revokeSessionsOf(tx, personId, context.now, sessionId);
        await appendAudit(tx, context, { action: 'password.changed', subjectKind: 'person', subjectId: login });
        return { status: 200, body: viewPerson(person, context.now) };
      });
    },
  );
}

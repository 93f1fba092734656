/** A close takes a while with thousands of dealers, so over HTTP it is a job. */
import { appendAudit, command, systemContext } from '../access/index.ts';
import { Problem } from '../core/problem.ts';
import { createJob, type JobKind, wakeFor } from '../exchange/index.ts';
import { type Dependencies, today } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { closed, PeriodName, Uuid } from '../platform/http/schemas.ts';
import { closePeriod, findClosing, refuseUnclosable } from './close-period.ts';
import type { ClosingCheck } from './closing-check.ts';

const CLOSING_JOB = 'period-closing';
const ClosingView = closed({ period: PeriodName, jobId: Uuid }, { title: 'PeriodClosing' });

export function registerPeriodClosingRoute(app: App, dependencies: Dependencies): void {
  app.post(
    '/v1/periods/:name/closing',
    {
      config: {
        permission: 'periods.close',
        problems: ['PERIOD_NOT_FOUND', 'PERIOD_NOT_OPEN', 'PERIOD_NOT_OVER', 'PERIOD_EARLIER_OPEN'],
      },
      schema: {
        tags: ['periods'],
        summary: 'Closes a period and freezes its statements, by a job',
        params: closed({ name: PeriodName }),
        response: { 202: ClosingView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const period = request.params.name;
        await refuseUnclosable(tx, period, context.today);
        const requestedBy = context.principal.name;
        const jobId = await createJob(tx, {
          kind: CLOSING_JOB,
          payload: { period },
          dealerId: null,
          requestedBy,
          now: context.now,
        });
        await appendAudit(tx, context, {
          action: 'period.closing-requested',
          subjectKind: 'period',
          subjectId: period,
        });
        return {
          status: 202,
          body: { period, jobId },
          location: `/v1/jobs/${jobId}`,
          committed: wakeFor(dependencies, jobId),
        };
      }),
  );
}

/** The close as a job; `checks` are the preconditions of higher modules. A second run finds the period closed and says what was done. */
export function closingJobs(checks: readonly ClosingCheck[] = []): readonly JobKind[] {
  return [
    {
      kind: CLOSING_JOB,
      async run(dependencies, job, progress) {
        await progress.report(0);
        const { database, clock } = dependencies;
        const period = String(job.payload['period']);
        const context = systemContext('closing', clock.now(), today(dependencies));
        const asked = { ...context, principal: { ...context.principal, name: job.requestedBy } };
        try {
          return await closePeriod(database, asked, period, checks);
        } catch (error) {
          const done = error instanceof Problem && error.code === 'PERIOD_NOT_OPEN';
          const closing = done ? await findClosing(database.reader(), period) : null;
          if (closing === null) throw error;
          return closing;
        }
      },
    },
  ];
}

export const settlementJobs: readonly JobKind[] = closingJobs();

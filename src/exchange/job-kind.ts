/** Long work: what a module can do as a job. Handed to the worker at composition; every run may be the second one. */
import type { Dependencies } from '../platform/dependencies.ts';

export type Job = {
  readonly id: string;
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly dealerId: string | null;
  readonly requestedBy: string;
};

export type JobProgress = {
  /** Rows or documents done, of how many; throttled, also renews the lease. Throws when the job was cancelled or the process is stopping. */
  report(done: number, total?: number): Promise<void>;
};

export type JobKind = {
  readonly kind: string;
  /**
   * Returns what is shown as the job's result. A `fileId` in it names the stored file (`storeFile`) the job made:
   * it is served at /v1/jobs/{id}/file. A problem below 500 ends the job; anything else is tried again, three times.
   */
  run(dependencies: Dependencies, job: Job, progress: JobProgress): Promise<Readonly<Record<string, unknown>>>;
};

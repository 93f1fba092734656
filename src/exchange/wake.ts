import type { Dependencies } from '../platform/dependencies.ts';

/** For a command that created a job: `committed` of its reply, so that the workers are woken once the job is there. */
export function wakeFor({ queue }: Pick<Dependencies, 'queue'>, jobId: string): () => void {
  return () => void queue.wake({ topic: 'job', id: jobId });
}

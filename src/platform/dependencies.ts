/** What really varies from one process to another, built once in main.ts and handed down as one typed object. */
import type { Logger } from 'pino';
import type { BusinessDate } from '../core/business-date.ts';
import { businessDateAt } from '../core/business-date.ts';
import type { Clock } from '../core/clock.ts';
import type { Database } from './database.ts';
import type { FileStore } from './file-store.ts';
import type { Queue } from './queue.ts';

export type Dependencies = {
  readonly clock: Clock;
  /** Business time zone, stored with the firm at first migrate. */
  readonly timeZone: string;
  readonly database: Database;
  readonly queue: Queue;
  readonly files: FileStore;
  readonly log: Logger;
  /** Key of the CSRF tokens and other short-lived proofs; 32 bytes or more. */
  readonly sessionSecret: string;
  /** Cookies are `Secure` unless the service is reached on plain loopback HTTP. */
  readonly secureCookies: boolean;
  /** Of one caller, a machine or an address; 6,000 unless told. */
  readonly requestsPerMinuteMax?: number;
};

/** Today's business date of the firm. */
export function today(dependencies: Pick<Dependencies, 'clock' | 'timeZone'>): BusinessDate {
  return businessDateAt(dependencies.clock.now(), dependencies.timeZone);
}

/**
 * Who may call what, written by hand and compared with every route: the code follows this table, not the other way round.
 *
 * `allow` the caller is let in · `deny` 403 (401 for nobody) · `own` a dealer reaches its own documents and is told 404
 * for another's, in lists it sees its own only · `self` a person for itself; a machine is told PERSON_REQUIRED
 */
import type { Role } from '../../src/access/index.ts';

export type Cell = 'allow' | 'deny' | 'own' | 'self';
export type MatrixRow = {
  readonly method: string;
  readonly url: string;
  readonly nobody: Cell;
  readonly roles: Readonly<Record<Role, Cell>>;
};

const COLUMNS = [
  'parts_specialist',
  'dealer',
  'warehouse_keeper',
  'service_staff',
  'claims_reviewer',
  'finance',
  'service_manager',
  'administrator',
  'auditor',
] as const satisfies readonly Role[];

const TABLE = `
  method address                                  nobody specialist dealer warehouse service claims finance manager administrator auditor
  GET    /openapi.json                            allow  allow      allow  allow     allow   allow  allow   allow   allow         allow
  GET    /metrics                                 allow  allow      allow  allow     allow   allow  allow   allow   allow         allow
  GET    /health/live                             allow  allow      allow  allow     allow   allow  allow   allow   allow         allow
  GET    /health/ready                            allow  allow      allow  allow     allow   allow  allow   allow   allow         allow
  POST   /v1/sessions                             allow  allow      allow  allow     allow   allow  allow   allow   allow         allow
  GET    /v1/sessions/current                     deny   self       self   self      self    self   self    self    self          self
  DELETE /v1/sessions/current                     deny   self       self   self      self    self   self    self    self          self
  GET    /v1/sessions                             deny   self       self   self      self    self   self    self    self          self
  DELETE /v1/sessions/:id                         deny   self       self   self      self    self   self    self    self          self
  GET    /v1/people                               deny   deny       deny   deny      deny    deny   deny    deny    allow         allow
  GET    /v1/people/:login                        deny   deny       deny   deny      deny    deny   deny    deny    allow         allow
  POST   /v1/people                               deny   deny       deny   deny      deny    deny   deny    deny    allow         deny
  PATCH  /v1/people/:login                        deny   deny       deny   deny      deny    deny   deny    deny    allow         deny
  PUT    /v1/passwords/current                    deny   self       self   self      self    self   self    self    self          self
  GET    /v1/machine-accounts                     deny   deny       deny   deny      deny    deny   deny    deny    allow         allow
  GET    /v1/machine-accounts/:name               deny   deny       deny   deny      deny    deny   deny    deny    allow         allow
  POST   /v1/machine-accounts                     deny   deny       deny   deny      deny    deny   deny    deny    allow         deny
  PATCH  /v1/machine-accounts/:name               deny   deny       deny   deny      deny    deny   deny    deny    allow         deny
  GET    /v1/machine-accounts/:name/keys          deny   deny       deny   deny      deny    deny   deny    deny    allow         allow
  POST   /v1/machine-accounts/:name/keys          deny   deny       deny   deny      deny    deny   deny    deny    allow         deny
  DELETE /v1/machine-accounts/:name/keys/:id      deny   deny       deny   deny      deny    deny   deny    deny    allow         deny
  GET    /v1/audit-entries                        deny   deny       deny   deny      deny    deny   deny    deny    allow         allow
  GET    /v1/periods                              deny   allow      allow  deny      deny    deny   allow   allow   deny          allow
  GET    /v1/periods/:name                        deny   allow      allow  deny      deny    deny   allow   allow   deny          allow
  GET    /v1/verifications                        deny   allow      deny   deny      deny    deny   allow   allow   allow         allow
  GET    /v1/verifications/:id                    deny   allow      deny   deny      deny    deny   allow   allow   allow         allow
  POST   /v1/verifications                        deny   deny       deny   deny      deny    deny   allow   deny    allow         deny
  GET    /v1/jobs                                 deny   allow      own    allow     allow   allow  allow   allow   allow         allow
  GET    /v1/jobs/:id                             deny   allow      own    allow     allow   allow  allow   allow   allow         allow
  GET    /v1/jobs/:id/file                        deny   allow      own    allow     allow   allow  allow   allow   allow         allow
  DELETE /v1/jobs/:id                             deny   allow      own    allow     allow   allow  allow   allow   allow         allow
  GET    /v1/imports                              deny   allow      deny   deny      deny    deny   allow   deny    deny          allow
  GET    /v1/imports/:id                          deny   allow      deny   deny      deny    deny   allow   deny    deny          allow
  GET    /v1/imports/:id/findings                 deny   allow      deny   deny      deny    deny   allow   deny    deny          allow
  POST   /v1/imports/:id/application              deny   allow      deny   deny      deny    deny   allow   deny    deny          deny
  GET    /v1/parts                                deny   allow      allow  allow     allow   allow  allow   allow   deny          allow
  GET    /v1/parts/:partNumber                    deny   allow      allow  allow     allow   allow  allow   allow   deny          allow
  POST   /v1/parts                                deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  PATCH  /v1/parts/:partNumber                    deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  POST   /v1/parts/:partNumber/costs              deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  GET    /v1/parts/:partNumber/supersession       deny   allow      allow  allow     allow   allow  allow   allow   deny          allow
  POST   /v1/supersessions                        deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  DELETE /v1/parts/:partNumber/supersession       deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  GET    /v1/machine-models                       deny   allow      deny   allow     allow   allow  allow   allow   deny          allow
  GET    /v1/machine-models/:code                 deny   allow      deny   allow     allow   allow  allow   allow   deny          allow
  POST   /v1/machine-models                       deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  GET    /v1/machine-models/:code/bom-lines       deny   allow      deny   allow     allow   allow  allow   allow   deny          allow
  POST   /v1/machine-models/:code/bom-lines       deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  GET    /v1/dealers                              deny   allow      own    allow     allow   allow  allow   allow   allow         allow
  GET    /v1/dealers/:code                        deny   allow      own    allow     allow   allow  allow   allow   allow         allow
  POST   /v1/dealers                              deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  PATCH  /v1/dealers/:code                        deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  POST   /v1/dealers/:code/levels                 deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  GET    /v1/price-lists                          deny   allow      deny   deny      deny    deny   allow   allow   deny          allow
  GET    /v1/price-lists/:code                    deny   allow      deny   deny      deny    deny   allow   allow   deny          allow
  POST   /v1/price-lists                          deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  GET    /v1/price-releases                       deny   allow      deny   deny      deny    deny   allow   allow   deny          allow
  GET    /v1/price-releases/:number               deny   allow      deny   deny      deny    deny   allow   allow   deny          allow
  GET    /v1/price-releases/:number/lines         deny   allow      deny   deny      deny    deny   allow   allow   deny          allow
  POST   /v1/price-releases                       deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  POST   /v1/price-releases/:number/lines         deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  POST   /v1/price-releases/:number/submission    deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  POST   /v1/price-releases/:number/approval      deny   allow      deny   deny      deny    deny   deny    allow   deny          deny
  POST   /v1/price-releases/:number/publication   deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  POST   /v1/price-releases/:number/withdrawal    deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  GET    /v1/freight-tariffs                      deny   allow      deny   deny      deny    deny   allow   allow   deny          allow
  POST   /v1/freight-tariffs                      deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  POST   /v1/price-queries                        deny   allow      own    deny      deny    deny   deny    deny    deny          deny
  GET    /v1/locations                            deny   allow      deny   allow     allow   allow  allow   allow   deny          allow
  GET    /v1/locations/:code                      deny   allow      deny   allow     allow   allow  allow   allow   deny          allow
  POST   /v1/locations                            deny   allow      deny   deny      deny    deny   deny    deny    deny          deny
  GET    /v1/stock-levels                         deny   allow      deny   allow     allow   allow  allow   allow   deny          allow
  GET    /v1/stock-entries                        deny   allow      deny   allow     deny    deny   deny    deny    deny          allow
  POST   /v1/stock-receipts                       deny   deny       deny   allow     deny    deny   deny    deny    deny          deny
  GET    /v1/charges                              deny   allow      own    deny      deny    allow  allow   allow   deny          allow
  GET    /v1/dealers/:code/account                deny   allow      own    deny      deny    allow  allow   allow   deny          allow
  POST   /v1/periods/:name/closing                deny   deny       deny   deny      deny    deny   allow   deny    deny          deny
  GET    /v1/statements                           deny   allow      own    deny      deny    deny   allow   allow   deny          allow
  GET    /v1/statements/:number                   deny   allow      own    deny      deny    deny   allow   allow   deny          allow
  GET    /v1/statements/:number/lines             deny   allow      own    deny      deny    deny   allow   allow   deny          allow
  GET    /v1/statements/:number/file              deny   allow      own    deny      deny    deny   allow   allow   deny          allow
  GET    /v1/quotes                               deny   allow      own    deny      deny    deny   allow   allow   deny          allow
  GET    /v1/quotes/:number                       deny   allow      own    deny      deny    deny   allow   allow   deny          allow
  POST   /v1/quotes                               deny   allow      own    deny      deny    deny   deny    deny    deny          deny
  POST   /v1/quotes/:number/withdrawal            deny   allow      own    deny      deny    deny   deny    deny    deny          deny
  GET    /v1/orders                               deny   allow      own    allow     allow   allow  allow   allow   deny          allow
  GET    /v1/orders/:number                       deny   allow      own    allow     allow   allow  allow   allow   deny          allow
  POST   /v1/orders                               deny   allow      own    deny      deny    deny   deny    deny    deny          deny
  POST   /v1/orders/:number/reservation           deny   deny       deny   allow     deny    deny   deny    deny    deny          deny
  POST   /v1/orders/:number/cancellation          deny   allow      own    deny      deny    deny   deny    deny    deny          deny
  GET    /v1/shipments                            deny   allow      own    allow     allow   allow  allow   allow   deny          allow
  GET    /v1/shipments/:number                    deny   allow      own    allow     allow   allow  allow   allow   deny          allow
  POST   /v1/shipments                            deny   deny       deny   allow     deny    deny   deny    deny    deny          deny
  GET    /v1/events                               deny   allow      own    allow     allow   allow  allow   allow   allow         allow
  POST   /v1/imports                              deny   allow      deny   deny      deny    deny   allow   deny    deny          deny
`;

function toRow(line: string): MatrixRow {
  const [method = '', url = '', nobody, ...cells] = line.trim().split(/\s+/);
  const isCell = (cell: string | undefined): cell is Cell => ['allow', 'deny', 'own', 'self'].includes(cell ?? '');
  if (!isCell(nobody) || cells.length !== COLUMNS.length || !cells.every(isCell)) throw new Error(`not a row: ${line}`);
  const roles = Object.fromEntries(COLUMNS.map((role, at) => [role, cells[at]])) as Record<Role, Cell>;
  return { method, url, nobody, roles };
}

export const MATRIX: readonly MatrixRow[] = TABLE.trim().split('\n').slice(1).map(toRow);

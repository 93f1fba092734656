export { csvLine, guardFormula } from './csv-line.ts';

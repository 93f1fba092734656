import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listBomLines } from '../../src/catalog/service-bom.ts';
import { type Client, openTestApp, type TestApp } from '../support/test-app.ts';

let test: TestApp;
let specialist: Client;
beforeAll(async () => {
  test = await openTestApp();
  specialist = await test.as('parts_specialist');
  await specialist.post('/v1/dealers', { code: 'D1', currency: 'CNY', nameZh: '河北农机' });
  for (const [partNumber, more] of Object.entries({
    ENGINE: { partClass: 'core' },
    PUMP: {},
    SEAL: { partClass: 'wear' },
    BOLT: { partClass: 'standard' },
    HIDDEN: { serviceable: false },
    HOSE: { unit: 'metre' },
  }))
    await specialist.post('/v1/parts', { partNumber, nameEn: partNumber, partClass: 'functional', ...more });
});
afterAll(() => test.close());

const lines = (model: string, ...added: object[]) =>
  specialist.post(`/v1/machine-models/${model}/bom-lines`, { lines: added });
const at = (figure: string, position: string) => ({ figure, position });

describe('a machine model', () => {
  it('is created once under its code, with a name', async () => {
    expect(await specialist.post('/v1/machine-models', { code: 'T1', nameZh: '拖拉机' })).toMatchObject({
      status: 201,
      headers: { location: '/v1/machine-models/T1' },
      body: { code: 'T1', nameZh: '拖拉机', nameEn: null },
    });
    expect((await specialist.post('/v1/machine-models', { code: 'T1', nameZh: 'x' })).body.code).toBe(
      'MODEL_CODE_TAKEN',
    );
    expect((await specialist.post('/v1/machine-models', { code: 'T2' })).body.code).toBe('MODEL_UNNAMED');
    expect((await specialist.get('/v1/machine-models/T1')).body.code).toBe('T1');
    expect((await specialist.get('/v1/machine-models')).body.items).toHaveLength(1);
    for (const url of ['/v1/machine-models/none', '/v1/machine-models/none/bom-lines'])
      expect(await specialist.get(url)).toMatchObject({ status: 404, body: { code: 'MODEL_NOT_FOUND' } });
  });
});

describe('its service BOM', () => {
  it('nests assemblies by figure and position', async () => {
    await specialist.post('/v1/machine-models', { code: 'N1', nameZh: '收割机' });
    const added = await lines(
      'N1',
      { ...at('1', '001'), partNumber: 'PUMP', quantity: '1', mainAssembly: true },
      { ...at('1', '002'), partNumber: 'SEAL', quantity: '2', parent: at('1', '001') },
      { ...at('2', '001'), partNumber: 'HOSE', quantity: '1.5' },
    );
    expect(added).toMatchObject({
      status: 201,
      body: {
        items: [
          { ...at('1', '001'), partNumber: 'PUMP', quantity: '1.000', mainAssembly: true, parent: null },
          { ...at('1', '002'), partNumber: 'SEAL', quantity: '2.000', parent: at('1', '001') },
          { ...at('2', '001'), partNumber: 'HOSE', unit: 'metre', quantity: '1.500', parent: null },
        ],
      },
    });
    expect((await specialist.get('/v1/machine-models/N1/bom-lines')).body).toEqual(added.body);
  });

  it('takes the new quantity of a line that stands, and no second part at its place', async () => {
    await specialist.post('/v1/machine-models', { code: 'Q1', nameZh: '插秧机' });
    await lines('Q1', { ...at('1', '1'), partNumber: 'BOLT', quantity: '4' });
    expect((await lines('Q1', { ...at('1', '1'), partNumber: 'BOLT', quantity: '6' })).body.items).toMatchObject([
      { partNumber: 'BOLT', quantity: '6.000' },
    ]);
    expect((await lines('Q1', { ...at('1', '1'), partNumber: 'SEAL', quantity: '1' })).body.code).toBe(
      'BOM_PLACE_TAKEN',
    );
  });

  it('refuses unknown parts and parents, and quantities that cannot be; nothing of the request is kept', async () => {
    await specialist.post('/v1/machine-models', { code: 'R1', nameZh: '农机' });
    const good = { ...at('1', '1'), partNumber: 'BOLT', quantity: '1' };
    for (const [code, bad] of Object.entries({
      PART_NOT_FOUND: { partNumber: 'NONE' },
      QUANTITY_NOT_WHOLE: { quantity: '1.5' },
      BOM_QUANTITY_NOT_POSITIVE: { quantity: '0' },
      BOM_PARENT_NOT_FOUND: { parent: at('9', '9') },
      REQUEST_INVALID: { figure: '' },
    }))
      expect((await lines('R1', good, { ...good, ...at('1', '2'), ...bad })).body.code, code).toBe(code);
    expect((await lines('R1', { ...good, parent: at('1', '1') })).body.code).toBe('BOM_PARENT_NOT_FOUND');
    expect((await specialist.get('/v1/machine-models/R1/bom-lines')).body.items).toEqual([]);
  });

  it('shows a dealer no hidden part; what hangs on one moves up to what it may see', async () => {
    await specialist.post('/v1/machine-models', { code: 'V1', nameZh: '拖拉机' });
    await lines(
      'V1',
      { ...at('1', '1'), partNumber: 'PUMP', quantity: '1' },
      { ...at('1', '2'), partNumber: 'ENGINE', quantity: '1', parent: at('1', '1') },
      { ...at('1', '3'), partNumber: 'HIDDEN', quantity: '1', parent: at('1', '2') },
      { ...at('1', '4'), partNumber: 'SEAL', quantity: '1', parent: at('1', '3') },
      { ...at('2', '1'), partNumber: 'ENGINE', quantity: '1' },
      { ...at('2', '2'), partNumber: 'BOLT', quantity: '1', parent: at('2', '1') },
    );
    const beholder = { forDealer: true, today: '2026-03-10' };
    const shown = await listBomLines(test.dependencies.database.reader(), 'V1', beholder);
    expect(shown.map(({ partNumber, parent }) => [partNumber, parent])).toEqual([
      ['PUMP', null],
      ['SEAL', at('1', '1')],
      ['BOLT', null],
    ]);
    const dealer = await test.as('dealer', 'D1');
    expect((await dealer.post('/v1/machine-models/V1/bom-lines', { lines: [] })).status).toBe(403);
  });
});

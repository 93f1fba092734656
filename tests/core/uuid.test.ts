import { expect, test } from 'vitest';
import { isUuid, uuidv7 } from '../../src/core/uuid.ts';

const timestampOf = (id: string) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

test('carries its instant, version 7 and the RFC variant', () => {
  const now = new Date('2099-03-31T16:00:00.123Z');
  const id = uuidv7(now);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(timestampOf(id)).toBe(now.getTime());
});

test('increases even while the clock stands still or goes back', () => {
  const instants = [...Array(10_000).fill('2100-01-01T00:00:00Z'), '1999-12-31T00:00:00Z', '2100-01-01T00:00:09Z'];
  const ids = instants.map(instant => uuidv7(new Date(instant)));
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
});

test('differs in its random tail', () => {
  const tails = Array.from({ length: 1000 }, () => uuidv7(new Date()).slice(19));
  expect(new Set(tails).size).toBe(1000);
});

test('recognises UUIDs of any version, nothing else', () => {
  expect(['0197d1c2-8a3b-7c4d-9e5f-0123456789ab', 'F47AC10B-58CC-4372-A567-0E02B2C3D479'].every(isUuid)).toBe(true);
  const others = [
    '',
    '0197d1c28a3b7c4d9e5f0123456789ab',
    '{0197d1c2-8a3b-7c4d-9e5f-0123456789ab}',
    '0197d1c2-8a3b-7c4d-9e5f-0123456789ab\n',
    '0197d1c2-8a3b-7c4d-7e5f-0123456789ab',
    '00000000-0000-0000-0000-000000000000',
  ];
  expect(others.some(isUuid)).toBe(false);
});

test('does not accept an invalid instant', () => {
  expect(() => uuidv7(new Date(Number.NaN))).toThrow('assertion failed');
});

import { describe, expect, it } from 'vitest';
import { mentionsSuccessor, readSupersession } from '../../src/catalog/read-supersession.ts';

describe('a description that is nothing but a supersession', () => {
  it.each([
    ['USE 150-040', '150-040'],
    ['Use TGK125', 'TGK125'],
    ['NLA  USE 021-753', '021-753'],
    ['USE818411Z', '818411Z'],
    ['USE  GEX9005', 'GEX9005'],
    ['USE 12G815 NEW UNIT', '12G815 NEW UNIT'],
    ['USE AEA630. OUTRIGHT', 'AEA630. OUTRIGHT'],
    ['改用 150-040', '150-040'],
    ['停产，替换为：T80-1201', 'T80-1201'],
  ])('names its successor: %s', (description, successor) => {
    expect(readSupersession(description)).toBe(successor);
    expect(mentionsSuccessor(description)).toBe(false);
  });

  it.each([
    'NOW USE 489-020',
    'NCA  USE 12H165/010',
    'PLEASE USE 3H2865',
    'USE RL5',
    'USE BTA551E#',
    'USE LFK317 & PMA50',
    'USE MM-AHYC',
    'BOLT USE WITH 105313',
    'Use',
  ])('that says more, or names no number, is left to a person: %s', description => {
    expect(readSupersession(description)).toBeNull();
    expect(mentionsSuccessor(description)).toBe(true);
  });

  it.each(['USED CW&P 3.7:1 TR2-', 'DIFF 3.7:1 TR6C USED', 'FUSE 35A', 'STONEGUARD SINGLE'])(
    'is not what merely holds the word: %s',
    description => {
      expect(readSupersession(description)).toBeNull();
      expect(mentionsSuccessor(description)).toBe(false);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { mentionsSuccessor, readSupersession } from '../../src/catalog/read-supersession.ts';

describe('a description that is nothing but a supersession', () => {
  it.each([
    ['USE 150-040', '150-040'],
    ['Use TGK125', 'TGK125'],
    ['NLA  USE 021-753', '021-753'],
    ['NCA  USE 12H165/010', '12H165/010'],
    ['NOW USE 489-020', '489-020'],
    ['PLEASE USE 3H2865', '3H2865'],
    ['USE818411Z', '818411Z'],
    ['USE  GEX9005', 'GEX9005'],
    ['USE RL5', 'RL5'],
    ['USE BTA551E#', 'BTA551E#'],
    ['改用 150-040', '150-040'],
    ['停产，替换为：T80-1201', 'T80-1201'],
  ])('names its successor: %s', (description, successor) => {
    expect(readSupersession(description)).toBe(successor);
    expect(mentionsSuccessor(description)).toBe(false);
  });

  it.each([
    'USE TKC853 OR TKC853',
    'USE LFK317 & PMA50',
    'USE 12G815 NEW UNIT',
    'USE 613766 SINGLES',
    'USE AEA630. OUTRIGHT',
    'USE MM-AHYC',
    'Use',
  ])('that goes on, offers a choice or names no number is left to a person: %s', description => {
    expect(readSupersession(description)).toBeNull();
    expect(mentionsSuccessor(description)).toBe(true);
  });

  it.each(['USED CW&P 3.7:1 TR2-', 'BOLT USE WITH 105313', 'DIFF 3.7:1 TR6C USED', 'FUSE 35A', 'STONEGUARD SINGLE'])(
    'is not what merely holds the word: %s',
    description => {
      expect(readSupersession(description)).toBeNull();
      expect(mentionsSuccessor(description)).toBe(false);
    },
  );
});

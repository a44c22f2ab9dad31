import { stateMachine } from '../../../src/kernel/state-machine';

type Light = 'red' | 'green' | 'amber' | 'scrapped';

describe('ORD-1: a table of moves', () => {
  const light = stateMachine<Light>({ red: ['green', 'scrapped'], green: ['amber'], amber: ['red'], scrapped: [] });

  test('ORD-1: tells the allowed moves', () => {
    expect(light.states).toEqual(['red', 'green', 'amber', 'scrapped']);
    expect(light.allowed('red')).toEqual(['green', 'scrapped']);
    expect(light.allowed('scrapped')).toEqual([]);
    expect(light.can('green', 'amber')).toBe(true);
    expect(light.can('green', 'red')).toBe(false);
  });
});

describe('ORD-1: a wrong table is refused at once', () => {
  const wrong = (table: Record<string, string[]>) => () => stateMachine(table);
  test('ORD-1: an unknown target', () => expect(wrong({ a: ['b'] })).toThrow('The move from a to b leads to an unknown state'));
  test('ORD-1: unreachable states', () => expect(wrong({ a: ['b'], b: [], c: ['a'], d: ['c'] })).toThrow('No way leads from a to c, d'));
  test('ORD-1: a move to itself', () => expect(wrong({ a: ['a'] })).toThrow('a to itself is no move'));
  test('ORD-1: no state at all', () => expect(wrong({})).toThrow('A state machine needs a state'));
});

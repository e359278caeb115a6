import { lockedUntil } from './password.rules.js';
import { refusalToErase, refusalToSetRoles } from './person.rules.js';

describe('The lock of an e-mail address', () => {
  const now = new Date('2026-05-01T10:00:00.000Z');
  it.each([
    [1, null],
    [9, null],
    [10, '2026-05-01T10:01:00.000Z'],
    [11, '2026-05-01T10:02:00.000Z'],
    [13, '2026-05-01T10:08:00.000Z'],
    [14, '2026-05-01T10:15:00.000Z'],
    [5_000, '2026-05-01T10:15:00.000Z'],
  ])('after %i failures holds until %s', (failures, until) => {
    expect(lockedUntil(failures, now)?.toISOString() ?? null).toBe(until);
  });
});

describe('Who may set roles', () => {
  const steward = {
    callerIsOperator: false,
    isMember: true,
    isOperator: false,
    hasPassword: true,
    operators: 2,
  };
  const operator = { ...steward, callerIsOperator: true };
  it.each([
    ['a steward names a steward of the instance', steward, false, null],
    ['a steward does not see people of other instances', { ...steward, isMember: false }, false, 'not-found'],
    ['a steward does not name an operator', steward, true, 'forbidden'],
    ['a steward does not unname an operator', { ...steward, isOperator: true }, false, 'forbidden'],
    ['a steward leaves an operator one', { ...steward, isOperator: true, operators: 1 }, true, null],
    ['an operator names an operator from anywhere', { ...operator, isMember: false }, true, null],
    ['nobody names who has not accepted yet', { ...operator, hasPassword: false }, true, 'invalid-state'],
    ['who has not accepted yet may be a steward', { ...steward, hasPassword: false }, false, null],
    ['an operator unnames another', { ...operator, isOperator: true }, false, null],
    ['the last operator stays', { ...operator, isOperator: true, operators: 1 }, false, 'invalid-state'],
  ])('%s', (_title, facts, wantsOperator, code) => {
    expect(refusalToSetRoles({ ...facts, wanted: { isOperator: wantsOperator } })?.code ?? null).toBe(code);
  });
});

describe('Who may erase a person', () => {
  const facts = {
    isSelf: false,
    callerIsOperator: false,
    callerIsSteward: false,
    callerInstanceId: 'here',
    instances: ['here'],
    isOperator: false,
    operators: 2,
  };
  const steward = { ...facts, callerIsSteward: true };
  const operator = { ...steward, callerIsOperator: true };
  it.each([
    ['the person', { ...facts, isSelf: true }, null],
    ['nobody else', facts, 'forbidden'],
    ['a steward of their one instance', steward, null],
    ['no steward of another', { ...steward, instances: ['there'] }, 'not-found'],
    ['no steward of one of two', { ...steward, instances: ['here', 'there'] }, 'forbidden'],
    ['no steward, when the person is an operator', { ...steward, isOperator: true }, 'forbidden'],
    ['an operator, anybody', { ...operator, instances: ['there', 'elsewhere'], isOperator: true }, null],
    [
      'not the last operator themselves',
      { ...facts, isSelf: true, isOperator: true, operators: 1 },
      'invalid-state',
    ],
    ['a person who is no operator, however few there are', { ...facts, isSelf: true, operators: 1 }, null],
  ])('%s', (_title, given, code) => {
    expect(refusalToErase(given)?.code ?? null).toBe(code);
  });
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { Codings } from '../../parihs/reader/static/codings.js';

const known = (rev, more = {}) => ({
  id: 'a', start: 0, end: 5, code: 'fit', coder: 'ana', valence: '0', memo: '', uncoded: false, rev, ...more,
});
const change = (id, set) => ({ op_id: id, verb: 'change', coding_id: 'a', set });

test('what waits lies on top of what the server knows', () => {
  const codings = new Codings('ana');
  codings.learn([known(1)], 1);
  codings.apply(change('o1', { valence: '2' }));
  codings.learn([known(2, { memo: 'from another tab' })], 2);
  assert.deepEqual([codings.get('a').valence, codings.get('a').memo], ['2', 'from another tab']);
});

test('a refused operation rolls back to what the server knows', () => {
  const codings = new Codings('ana');
  codings.learn([known(1)], 1);
  const op = change('o1', { valence: '2' });
  codings.apply(op);
  codings.release(op);
  assert.equal(codings.get('a').valence, '0');
});

test('a refused coding disappears, with the changes made on it', () => {
  const codings = new Codings('ana');
  const made = { op_id: 'o1', verb: 'code', coding_id: 'a', start: 0, end: 5, code: 'fit' };
  codings.apply(made);
  codings.apply(change('o2', { valence: '1' }));
  codings.release(made);
  assert.equal(codings.get('a'), undefined);
});

test('an older answer never overwrites a newer one', () => {
  const codings = new Codings('ana');
  codings.learn([known(5, { valence: '2' })], 5);
  codings.learn([known(3)], 3);
  assert.equal(codings.get('a').valence, '2');
  assert.equal(codings.rev, 5);
});

test('the same operation taken up twice counts once', () => {
  const codings = new Codings('ana');
  codings.learn([known(1)], 1);
  const op = change('o1', { valence: '2' });
  codings.apply(op);
  codings.apply(op);
  codings.release(op);
  assert.equal(codings.get('a').valence, '0');
});

test('an uncoded coding is kept but not shown', () => {
  const codings = new Codings('ana');
  codings.learn([known(1, { uncoded: true })], 1);
  assert.equal(codings.get('a'), undefined);
  assert.equal(codings.all.get('a').code, 'fit');
});

test('what one may no longer see is forgotten, what one may see now is there, own work waits on top', () => {
  const codings = new Codings('ana');
  const coding = (id, coder, rev) => ({ id, start: 0, end: 5, code: 'fit', coder, valence: 'unrated', memo: '', uncoded: false, rev });
  codings.learn([coding('mine', 'ana', 1), coding('theirs', 'ben', 2)], 2);
  codings.apply({ op_id: 'x', verb: 'code', coding_id: 'new', start: 1, end: 2, code: 'fit' });
  assert.deepEqual([...codings.learn([coding('mine', 'ana', 1)], 3, true)].sort(), ['mine', 'theirs']);
  assert.deepEqual([...codings.shown.keys()].sort(), ['mine', 'new']);
  codings.learn([coding('mine', 'ana', 1), coding('theirs', 'ben', 2)], 4, true);
  assert.equal(codings.shown.size, 3);
});

test('an older answer that tells all forgets nothing that was saved since', () => {
  const codings = new Codings('ana');
  codings.learn([known(5)], 5);
  codings.learn([], 4, true);
  assert.equal(codings.get('a').rev, 5);
  codings.learn([], 6, true);
  assert.equal(codings.get('a'), undefined);
});

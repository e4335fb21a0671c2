import assert from 'node:assert/strict';
import test from 'node:test';
import { Backlight } from '../../parihs/reader/static/backlight.js';
import { Codes } from '../../parihs/reader/static/codes.js';
import { depths, nextTurn, placesOf } from '../../parihs/reader/static/density.js';
import { Folding } from '../../parihs/reader/static/folding.js';
import { fold, matchesIn, termsOf } from '../../parihs/reader/static/search_terms.js';
import { MemoryStore } from './memory_store.js';

const said = (text, typed, beginnings = false) =>
  matchesIn(fold(text), termsOf(typed), beginnings).map(({ from, to }) => text.slice(from, to));

const TEXT = 'It does not fit here. It never has, naïve 🙂 me. Don’t!';

test('words, phrases and beginnings are found as the whole study finds them', () => {
  assert.deepEqual(said(TEXT, 'FIT here'), ['fit', 'here']);
  assert.deepEqual(said(TEXT, '"fit here"'), ['fit here']);
  assert.deepEqual(said(TEXT, '“here it ne*”'), ['here. It never']);
  assert.deepEqual(said(TEXT, 'naive'), ['naïve']);
  assert.deepEqual(said(TEXT.normalize('NFD'), 'naïve').map((word) => word.normalize()), ['naïve']);
  assert.deepEqual(said(TEXT, "don't"), ['Don’t']);
  assert.deepEqual(said(TEXT, 'fit absent'), []);
  assert.deepEqual(said(TEXT, 'nev'), []);
  assert.deepEqual(said(TEXT, 'nev', true), ['never']);
  assert.deepEqual(said(TEXT, '" * ('), []);
});

test('folding keeps every place, whatever the characters', () => {
  for (const text of [TEXT, 'İstanbul ß Ǆ 𝔸 é', '\u0301\u0301', '']) assert.equal(fold(text).length, text.length);
});

const voices = { ann: { id: 'ann', role: 'nurse' }, bob: { id: 'bob', role: 'doctor' } };
const coding = (more = {}) => ({ code: 'fit', coder: 'me', valence: '1', ...more });
const within = (code, above) => code === above || above === 'top';

test('the backlight leaves bright what fits everything that is chosen', () => {
  const light = new Backlight();
  const lit = (one, ...who) => light.lights(one, within, () => who);
  assert.ok(lit(coding(), voices.ann));
  assert.equal(light.on, false);
  light.toggle('codes', 'other');
  assert.equal(lit(coding(), voices.ann), false);
  light.toggle('codes', 'top');
  assert.ok(lit(coding(), voices.ann));
  light.toggle('valences', 'constraining');
  assert.equal(lit(coding(), voices.ann), false);
  assert.ok(lit(coding({ valence: '-2' }), voices.ann));
  light.toggle('valences', 'constraining');
  light.toggle('roles', 'doctor');
  assert.equal(lit(coding(), voices.ann), false);
  assert.ok(lit(coding(), voices.ann, voices.bob));
  assert.equal(light.hears(null), false);
  light.clear();
  assert.ok(light.hears(null) && lit(coding(), null));
});

test('the map counts what lies over each row, and a short excerpt still shows', () => {
  assert.deepEqual([...depths([{ from: 0, to: 0.5 }, { from: 0.25, to: 1 }], 4)], [1, 2, 1, 1]);
  assert.deepEqual([...depths([{ from: 0.99, to: 0.9901 }, { from: 1, to: 1 }], 4)], [0, 0, 0, 2]);
  assert.deepEqual([...placesOf([10, 20])], [0, 10, 30]);
});

test('the next turn without a code is looked for round the end', () => {
  const coded = new Set([1, 2, 4]);
  const free = (turn) => !coded.has(turn);
  assert.equal(nextTurn(0, 1, 5, free), 3);
  assert.equal(nextTurn(3, 1, 5, free), 0);
  assert.equal(nextTurn(0, -1, 5, free), 3);
  assert.equal(nextTurn(0, 1, 5, () => false), -1);
});

test('a folded branch hides all below it, and is remembered', () => {
  const codes = new Codes([
    { id: 'a', parent: null, name: 'A' }, { id: 'b', parent: 'a', name: 'B' }, { id: 'c', parent: 'b', name: 'C' },
  ]);
  const store = new MemoryStore();
  new Folding(codes, store, 'folded').set('a', true);
  const again = new Folding(codes, store, 'folded');
  assert.deepEqual(['a', 'b', 'c'].map((id) => again.isInside(id)), [false, true, true]);
  again.set('a', false);
  assert.equal(again.isInside('c'), false);
});

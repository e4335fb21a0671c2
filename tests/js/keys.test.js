import assert from 'node:assert/strict';
import test from 'node:test';
import { BINDINGS, chord } from '../../parihs/reader/static/keys.js';
import { Codes } from '../../parihs/reader/static/codes.js';
import { colourCodes } from '../../parihs/reader/static/colours.js';
import { stepValence } from '../../parihs/reader/static/valence.js';

const press = (key, more = {}) => chord({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

test('no key does two things', () => {
  const keys = BINDINGS.flatMap((binding) => binding.keys);
  assert.equal(new Set(keys).size, keys.length);
});

test('characters count as typed, whatever keyboard made them', () => {
  assert.equal(press('?', { shiftKey: true }), '?');
  assert.equal(press('1', { shiftKey: true }), '1');
  assert.equal(press('+', { shiftKey: true }), '+');
  assert.equal(press('C', { shiftKey: false }), 'c');
  assert.equal(press('ArrowRight', { shiftKey: true }), 'Shift+ArrowRight');
  assert.equal(press('Z', { ctrlKey: true, shiftKey: true }), 'Ctrl+Shift+z');
  assert.equal(press('z', { metaKey: true }), 'Ctrl+z');
});

const CODES = [
  { id: '1', key: 'innovation', name: 'Innovation', parent: null, colour: '#0072B2', definition: '' },
  { id: '2', key: 'innovation.fit', name: 'Fit with practice', parent: '1', colour: null, definition: 'How it suits the ward' },
  { id: '3', key: 'context.cafe', name: 'Café talk', parent: null, colour: 'url(x)', definition: 'Fitful notes' },
];

test('the palette finds names before keys before definitions, without accents', () => {
  const codes = new Codes(CODES);
  assert.deepEqual(codes.search('fit').map(({ id }) => id), ['2', '3']);
  assert.deepEqual(codes.search('cafe').map(({ id }) => id), ['3']);
  assert.deepEqual(codes.search('ward').map(({ id }) => id), ['2']);
  assert.equal(codes.search('  ').length, 3);
  assert.deepEqual(codes.search('zzz'), []);
});

test('children are tints of their construct, and a colour that is none is ignored', () => {
  const colours = colourCodes(CODES, false);
  assert.equal(colours.get('1'), '#0072B2');
  assert.match(colours.get('2'), /^#[0-9a-f]{6}$/);
  assert.notEqual(colours.get('2'), colours.get('1'));
  assert.match(colours.get('3'), /^#[0-9A-F]{6}$/i);
});

test('steps along the valence scale stop at its ends and begin mildly', () => {
  assert.deepEqual([stepValence('unrated', 1), stepValence('mixed', -1)], ['1', '-1']);
  assert.deepEqual([stepValence('2', 1), stepValence('-2', -1), stepValence('0', -1)], ['2', '-2', '-1']);
});

test('AltGr makes a character, not a command', () => {
  assert.equal(press('[', { ctrlKey: true, altKey: true }), '[');
  assert.equal(press('@', { ctrlKey: true, altKey: true }), '@');
});

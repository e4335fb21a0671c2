import assert from 'node:assert/strict';
import test from 'node:test';
import { countBelow, indexOffsets, turnAt } from '../../parihs/reader/static/offsets.js';

const ALPHABET = ['a', ' ', 'é', 'e\u0301', '😀', '👩‍⚕️', '𝒳', '漢', 'ß', '\n', '\ud83d', '\ude00', '🇵🇹', '\u200d'];

/** The same dice every time, so that a failure can be repeated. */
function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % sides;
  };
}

/** The slow truth: count characters as Python would. */
function slowPoint(text, unit) {
  let points = 0;
  let at = 0;
  for (const character of text) {
    if (at + character.length > unit) break;
    at += character.length;
    points += 1;
  }
  return points;
}

test('an emoji counts once in Python and twice in JavaScript', () => {
  const index = indexOffsets('a😀b');
  assert.equal(index.length, 3);
  assert.deepEqual([0, 1, 2, 3].map(index.toUtf16), [0, 1, 3, 4]);
  assert.deepEqual([0, 1, 2, 3, 4].map(index.toPoint), [0, 1, 1, 2, 3]);
});

test('combining marks and joined emoji count each of their code points', () => {
  assert.equal(indexOffsets('e\u0301').length, 2);
  assert.equal(indexOffsets('👩‍⚕️').length, 4);
});

test('a lone surrogate counts once', () => {
  const index = indexOffsets('x\ud83dy\ude00z');
  assert.equal(index.length, 5);
  assert.equal(index.toUtf16(4), 4);
});

test('positions outside the text are brought to its ends', () => {
  for (const text of ['', 'abc', '😀😀']) {
    const index = indexOffsets(text);
    assert.equal(index.toUtf16(-3), 0);
    assert.equal(index.toUtf16(99), text.length);
    assert.equal(index.toPoint(-3), 0);
    assert.equal(index.toPoint(99), [...text].length);
  }
});

test('random texts: there and back, rising, and equal to counting one by one', () => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const roll = dice(seed);
    const text = Array.from({ length: roll(40) }, () => ALPHABET[roll(ALPHABET.length)]).join('');
    const index = indexOffsets(text);
    assert.equal(index.length, [...text].length);
    let before = -1;
    for (let point = 0; point <= index.length; point += 1) {
      const unit = index.toUtf16(point);
      assert.ok(unit > before);
      assert.equal(index.toPoint(unit), point);
      before = unit;
    }
    for (let unit = 0; unit <= text.length; unit += 1) {
      assert.equal(index.toPoint(unit), slowPoint(text, unit), JSON.stringify({ text, unit }));
    }
  }
});

test('random excerpts cut the same characters as Python slices', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const roll = dice(seed * 7);
    const text = Array.from({ length: 1 + roll(30) }, () => ALPHABET[roll(ALPHABET.length)]).join('');
    const points = [...text];
    const start = roll(points.length);
    const end = start + roll(points.length - start + 1);
    const { toUtf16 } = indexOffsets(text);
    assert.equal(text.slice(toUtf16(start), toUtf16(end)), points.slice(start, end).join(''));
  }
});

test('the turn that holds a position; its line break belongs to it', () => {
  const starts = [0, 5, 6, 20];
  assert.deepEqual([0, 4, 5, 6, 19, 20, 99].map((point) => turnAt(starts, point)), [0, 0, 1, 2, 2, 3, 3]);
  assert.equal(countBelow([], 3), 0);
});

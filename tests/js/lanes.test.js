import assert from 'node:assert/strict';
import test from 'node:test';
import { Lanes } from '../../parihs/reader/static/lanes.js';

const TURN = 500;
const turnEnd = (point) => Math.floor(point / TURN) * TURN + TURN - 1;
const make = (...spans) => {
  const lanes = new Lanes(turnEnd);
  lanes.fill(spans);
  return lanes;
};

/** Whether any two stripes in one lane touch the same characters. */
function collides(lanes, spans) {
  return spans.some((a, i) =>
    spans.slice(i + 1).some((b) => lanes.of(a.id) === lanes.of(b.id) && a.start < b.end && b.start < a.end));
}

test('overlapping stripes never share a lane', () => {
  let state = 5;
  const roll = (sides) => (state = (Math.imul(state, 48271) >>> 0) % 2147483647) % sides;
  for (let round = 0; round < 40; round += 1) {
    const spans = Array.from({ length: 30 }, (_, i) => {
      const start = roll(3000);
      return { id: `s${i}`, start, end: start + 1 + roll(600) };
    });
    assert.equal(collides(make(...spans), spans), false);
    const grown = new Lanes(turnEnd);
    for (const span of spans) grown.add(span);
    assert.equal(collides(grown, spans), false);
  }
});

test('the longer of two that begin together runs next to the text', () => {
  const lanes = make({ id: 'short', start: 0, end: 10 }, { id: 'long', start: 0, end: 400 });
  assert.deepEqual([lanes.of('long'), lanes.of('short')], [0, 1]);
});

test('neighbours on one line take two lanes, those in two turns one', () => {
  const line = make({ id: 'a', start: 0, end: 20 }, { id: 'b', start: 30, end: 40 });
  assert.notEqual(line.of('a'), line.of('b'));
  const turns = make({ id: 'a', start: 480, end: 499 }, { id: 'b', start: 500, end: 520 });
  assert.equal(turns.of('a'), turns.of('b'));
});

test('a new stripe moves no other', () => {
  const lanes = make({ id: 'a', start: 0, end: 100 }, { id: 'b', start: 50, end: 150 });
  const before = [lanes.of('a'), lanes.of('b')];
  lanes.add({ id: 'c', start: 0, end: 499 });
  assert.deepEqual([lanes.of('a'), lanes.of('b')], before);
  assert.equal(lanes.of('c'), 2);
  assert.equal(lanes.depth(), 3);
});

test('a stripe that changed only its valence stays where it is', () => {
  const lanes = make({ id: 'a', start: 0, end: 100 }, { id: 'b', start: 0, end: 50 });
  lanes.remove('a');
  assert.equal(lanes.add({ id: 'b', start: 0, end: 50 }), 1);
});

test('a freed lane is used again', () => {
  const lanes = make({ id: 'a', start: 0, end: 100 }, { id: 'b', start: 0, end: 50 });
  lanes.remove('a');
  assert.equal(lanes.add({ id: 'c', start: 10, end: 20 }), 0);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { Codings } from '../../parihs/reader/static/codings.js';
import { UndoStack } from '../../parihs/reader/static/undo.js';

/** A coder at work: performs steps and undoes them on real codings. */
function desk() {
  const codings = new Codings('ana');
  const history = new UndoStack();
  let made = 0;
  const put = (step) => codings.apply({ op_id: `op${(made += 1)}`, ...step });
  return {
    codings, history,
    perform(step) {
      history.record(`step${made}`, 'a step', step, codings.all.get(step.coding_id));
      put(step);
    },
    undo() {
      const entry = history.undo();
      for (const step of entry?.steps ?? []) put(step);
      return entry;
    },
    redo() {
      const entry = history.redo();
      for (const step of entry?.steps ?? []) put(step);
      return entry;
    },
    picture: () => JSON.stringify([...codings.shown.values()].sort((a, b) => (a.id < b.id ? -1 : 1))),
  };
}

const code = (id) => ({ verb: 'code', coding_id: id, start: 0, end: 5, code: 'fit', valence: 'unrated', memo: '' });

test('undoing a coding takes it away, redoing restores the same one with its memo', () => {
  const at = desk();
  at.perform(code('a'));
  at.perform({ verb: 'change', coding_id: 'a', set: { memo: 'why' } });
  at.undo();
  at.undo();
  assert.equal(at.codings.get('a'), undefined);
  assert.equal(at.redo().steps[0].verb, 'restore');
  at.redo();
  assert.equal(at.codings.get('a').memo, 'why');
});

test('undoing a change brings back exactly what was changed', () => {
  const at = desk();
  at.perform(code('a'));
  at.perform({ verb: 'change', coding_id: 'a', set: { valence: '-2', end: 9 } });
  assert.deepEqual(at.undo().steps[0].set, { valence: 'unrated', end: 5 });
  assert.equal(at.codings.get('a').end, 5);
});

test('undoing a removal restores', () => {
  const at = desk();
  at.perform(code('a'));
  at.perform({ verb: 'uncode', coding_id: 'a' });
  assert.equal(at.codings.get('a'), undefined);
  at.undo();
  assert.equal(at.codings.get('a').code, 'fit');
});

test('random work: undoing everything and redoing everything gives the same pictures', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    let state = seed;
    const roll = (sides) => (state = Math.imul(state, 48271) % 2147483647 & 0x7fffffff) % sides;
    const at = desk();
    const pictures = [at.picture()];
    for (let step = 0; step < 15; step += 1) {
      const ids = [...at.codings.shown.keys()];
      const id = ids[roll(Math.max(1, ids.length))];
      if (ids.length === 0 || roll(3) === 0) at.perform(code(`c${step}`));
      else if (roll(3) === 0) at.perform({ verb: 'uncode', coding_id: id });
      else at.perform({ verb: 'change', coding_id: id, set: { valence: String(roll(5) - 2), memo: `m${step}` } });
      pictures.push(at.picture());
    }
    for (const picture of pictures.slice(0, -1).reverse()) {
      at.undo();
      assert.equal(at.picture(), picture);
    }
    assert.equal(at.undo(), null);
    for (const picture of pictures.slice(1)) {
      at.redo();
      assert.equal(at.picture(), picture);
    }
    assert.equal(at.redo(), null);
  }
});

test('a new step forgets what was undone', () => {
  const at = desk();
  at.perform(code('a'));
  at.undo();
  at.perform(code('b'));
  assert.equal(at.redo(), null);
});

test('an operation says which step it takes back or does again', () => {
  const at = desk();
  at.perform(code('a'));
  assert.deepEqual(at.undo().steps, [{ verb: 'uncode', coding_id: 'a', undoes: 'step0' }]);
  assert.deepEqual(at.redo().steps, [{ verb: 'restore', coding_id: 'a', redoes: 'step0' }]);
});

test('steps that the study remembers are undone after a reload, several at once where they are one', () => {
  const at = desk();
  at.perform(code('a'));
  at.perform(code('b'));
  const back = ['a', 'b'].map((coding_id) => ({ verb: 'uncode', coding_id }));
  at.history.learn({ done: [{ id: 'old', label: 'old', forward: [], back }], undone: [] });
  assert.deepEqual(at.undo().steps.map(({ undoes }) => undoes), ['old', 'old']);
  assert.equal(at.codings.shown.size, 0);
});

test('steps on a refused coding are forgotten, others stay', () => {
  const at = desk();
  at.perform(code('a'));
  at.perform(code('b'));
  at.history.forget('b');
  assert.equal(at.undo().steps[0].coding_id, 'a');
  assert.equal(at.undo(), null);
});

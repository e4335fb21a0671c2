import assert from 'node:assert/strict';
import test from 'node:test';
import { cleaned, draftOf, freshDraft, isChanged, joined, piecesOf, requestOf, retyped, spliced } from '../../parihs/reader/static/edit_draft.js';
import { Drafts } from '../../parihs/reader/static/edit_drafts.js';
import { doubtsOf, nextDoubt } from '../../parihs/reader/static/edit_doubt.js';
import { hitsOf, previewOf } from '../../parihs/reader/static/edit_find.js';
import { MemoryStore } from './memory_store.js';

const sound = ({ before, text, kept }) => {
  let [old, now] = [0, 0];
  for (const [a, b, n] of kept) {
    assert.ok(a >= old && b >= now && n > 0);
    assert.equal(before.slice(a, a + n), text.slice(b, b + n));
    [old, now] = [a + n, b + n];
  }
};

test('of two equal words, the one that was deleted goes', () => {
  const draft = retyped(freshDraft(3, ['the the cat']), 'the cat', 0);
  assert.deepEqual(draft.kept, [[4, 0, 7]]);
  const other = retyped(freshDraft(3, ['the the cat']), 'the cat', 4);
  assert.deepEqual(other.kept, [[0, 0, 4], [8, 4, 3]]);
});

test('typing keeps what stays, whatever is typed where', () => {
  const alphabet = ['a', ' ', '🙂', '🙃', 'é', '\n'];
  let seed = 7;
  const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
  for (let round = 0; round < 300; round += 1) {
    let draft = freshDraft(0, ['a bé 🙂 a', 'aa a']);
    for (let key = 0; key < 6; key += 1) {
      const edges = [0];
      for (const sign of draft.text) edges.push(edges.at(-1) + sign.length);
      const at = random(edges.length);
      const from = edges[at];
      const to = edges[Math.min(edges.length - 1, at + random(3))];
      const put = alphabet[random(alphabet.length)];
      draft = retyped(draft, draft.text.slice(0, from) + put + draft.text.slice(to), from + put.length);
      sound(draft);
    }
    sound(cleaned(draft));
    const sent = requestOf(draft);
    const [old, now] = [[...sent.before], [...sent.texts.join('\n')]];
    for (const [a, b, n] of sent.kept) assert.deepEqual(old.slice(a, a + n), now.slice(b, b + n));
    assert.ok(sent.texts.every((text) => text.trim() === text && text && !text.includes('\n')));
  }
});

test('a line is a turn; blanks at its ends and empty lines go', () => {
  const draft = spliced(freshDraft(1, ['one two']), 3, 4, ' \n\n  ');
  assert.deepEqual(requestOf(draft), { first: 1, last: 1, before: 'one two', texts: ['one', 'two'], kept: [[0, 0, 3], [4, 4, 3]] });
  assert.equal(isChanged(spliced(freshDraft(1, ['one']), 3, 3, '  ')), false);
  assert.deepEqual(requestOf(spliced(freshDraft(1, ['one']), 0, 3, ' ')).texts, []);
});

test('a run joined with the one above it is one line', () => {
  const above = retyped(freshDraft(0, ['so 🙂']), 'so, 🙂', 3);
  const draft = joined(above, freshDraft(1, ['it fits']));
  sound(draft);
  assert.deepEqual(requestOf(draft).texts, ['so, 🙂 it fits']);
  assert.deepEqual(requestOf(draft).kept, [[0, 0, 2], [2, 3, 2], [5, 6, 7]]);
  assert.deepEqual(draftOf(requestOf(draft)), draft);
});

test('typed pieces are told from kept ones', () => {
  const draft = retyped(freshDraft(0, ['one three']), 'one two three', 8);
  assert.deepEqual(piecesOf(draft).map(({ text, typed }) => (typed ? `[${text}]` : text)).join(''), 'one [two ]three');
});

test('drafts outlive the page, undo step by step, and know their version', () => {
  const store = new MemoryStore();
  const about = { store, coderId: 'ana', transcriptId: 't', versionId: 'v1' };
  const drafts = new Drafts(about);
  drafts.step('turn 1');
  drafts.put(spliced(freshDraft(0, ['a']), 0, 1, 'b'));
  drafts.step('turn 3');
  drafts.put(spliced(freshDraft(2, ['c']), 0, 1, 'd'));
  assert.deepEqual(new Drafts(about).list, drafts.list);
  assert.equal(drafts.undo(), 'turn 3');
  assert.deepEqual(drafts.list.map(({ first }) => first), [0]);
  const later = new Drafts({ ...about, versionId: 'v2' });
  assert.deepEqual(later.elsewhere().map(({ versionId, list }) => [versionId, list.length]), [['v1', 1]]);
  later.forget('v1');
  assert.equal(store.length, 0);
  assert.equal(new Drafts({ ...about, coderId: 'ben' }).size, 0);
});

test('a draft takes the place of those it shares turns with, and one without change goes', () => {
  const drafts = new Drafts({ store: null, coderId: 'a', transcriptId: 't', versionId: 'v' });
  drafts.put(spliced(freshDraft(1, ['b']), 0, 1, 'x'));
  drafts.put(spliced(freshDraft(0, ['a', 'b']), 0, 3, 'a x'));
  assert.equal(drafts.size, 1);
  assert.equal(drafts.at(1)?.first, 0);
  drafts.put(freshDraft(0, ['a', 'b']));
  assert.equal(drafts.size, 0);
});

test('find meets words, cases and signs as asked', () => {
  const texts = ['The rota, the ROTA.', 'Erotase', 'a.b a+b'];
  const any = { sameCase: false, wholeWords: false };
  assert.equal(hitsOf(texts, 'rota', 'roster', any).length, 3);
  assert.equal(hitsOf(texts, 'rota', 'roster', { ...any, wholeWords: true }).length, 2);
  assert.equal(hitsOf(texts, 'ROTA', 'roster', { ...any, sameCase: true }).length, 1);
  assert.deepEqual(hitsOf(texts, 'a.b', '$&', any), [{ turn: 2, from: 0, to: 3, put: '$&' }]);
  assert.equal(hitsOf(['Rota now'], 'rota', 'list', any)[0].put, 'List');
  assert.deepEqual(hitsOf(texts, ' ', 'x', any), []);
  assert.deepEqual(previewOf('The rota, the', hitsOf(texts, 'rota', 'list', any)[0]), { before: 'The ', was: 'rota', now: 'list', after: ', the' });
});

test('doubtful words are those heard badly or timed by guessing; what a person wrote is none', () => {
  const turns = [[[0, 3, 0, 10, 0.9, false], [4, 7, 10, 20, 0.2, false], [8, 9, 20, 30, 1, true]], null, [[0, 2, 30, 40, null, true]]];
  const doubts = doubtsOf(turns, { 1: ['overlap'] }, 0.5);
  assert.deepEqual(doubts.map(({ turn, start }) => [turn, start]), [[0, 4], [1, 0], [2, 0]]);
  assert.equal(nextDoubt(doubts, { turn: 0, start: 4 }, 1)?.turn, 1);
  assert.equal(nextDoubt(doubts, { turn: 1, start: 0 }, -1)?.start, 4);
  assert.equal(nextDoubt(doubts, { turn: 2, start: 0 }, 1), null);
});

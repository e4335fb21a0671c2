import assert from 'node:assert/strict';
import test from 'node:test';
import { newId, OpQueue, SendError, versionsWaiting } from '../../parihs/reader/static/queue.js';
import { MemoryStore } from './memory_store.js';

const op = (id) => ({ op_id: id, verb: 'uncode', coding_id: `c-${id}` });
const settle = () => new Promise((done) => setTimeout(done, 0));

/** A server that remembers which operations it did, and can be taken away. */
class Server {
  done = [];
  calls = [];
  failing = 0;
  refuse = new Set();
  loseAnswer = false;

  send = async (ops) => {
    this.calls.push(ops.map(({ op_id }) => op_id));
    await settle();
    if (this.failing) throw new SendError(this.failing < 0 ? 0 : this.failing, 'down');
    const refused = ops.filter(({ op_id }) => this.refuse.has(op_id));
    const good = ops.filter(({ op_id }) => !this.refuse.has(op_id));
    for (const { op_id } of good) if (!this.done.includes(op_id)) this.done.push(op_id);
    if (this.loseAnswer) throw new SendError(0, 'answer lost');
    return {
      rev: this.done.length,
      acked: good.map(({ op_id }) => op_id),
      refused: refused.map(({ op_id }) => ({ op_id, message: 'no', hint: '' })),
      delta: [],
    };
  };
}

function make({ server = new Server(), store = new MemoryStore(), coderId = 'ana', versionId = 'v1' } = {}) {
  const timers = [];
  const statuses = [];
  const answers = [];
  const queue = new OpQueue({
    coderId, versionId, store, send: server.send,
    later: (work, ms) => timers.push({ work, ms }),
    onStatus: (status, pending) => statuses.push(`${status} ${pending}`),
    onAnswer: (answer) => answers.push(answer),
  });
  return { server, store, queue, timers, statuses, answers };
}

async function drained(queue) {
  for (let i = 0; i < 200 && queue.pending > 0; i += 1) await settle();
}

test('ids are 32 hexadecimal characters and differ', () => {
  assert.match(newId(), /^[0-9a-f]{32}$/);
  assert.notEqual(newId(), newId());
});

test('an operation is stored before it is sent and removed when acknowledged', async () => {
  const { queue, store, server, statuses } = make();
  queue.push([op('a')]);
  assert.equal(store.length, 1);
  await drained(queue);
  assert.equal(store.length, 0);
  assert.deepEqual(server.done, ['a']);
  assert.deepEqual([statuses[0], statuses.at(-1)], ['saving 1', 'saved 0']);
});

test('a fast burst arrives whole, in order, once each', async () => {
  const { queue, server } = make();
  const ids = Array.from({ length: 50 }, (_, i) => `op${String(i).padStart(2, '0')}`);
  for (const id of ids) {
    queue.push([op(id)]);
    if (id.endsWith('3')) await settle();
  }
  await drained(queue);
  assert.deepEqual(server.done, ids);
});

test('offline: everything waits, one timer backs off, then all is sent', async () => {
  const { queue, server, timers, statuses } = make();
  server.failing = -1;
  for (const id of ['a', 'b', 'c']) {
    queue.push([op(id)]);
    await settle();
    await settle();
  }
  assert.equal(statuses.at(-1), 'offline 3');
  assert.equal(timers.length, 1);
  timers.shift().work();
  await settle();
  await settle();
  assert.ok(timers[0].ms > 500, 'the second wait is longer than the first');
  server.failing = 0;
  timers.shift().work();
  await drained(queue);
  assert.deepEqual(server.done, ['a', 'b', 'c']);
  assert.equal(statuses.at(-1), 'saved 0');
});

test('an expired sign-in is told apart from a lost connection', async () => {
  const { queue, server, statuses } = make();
  server.failing = 401;
  queue.push([op('a')]);
  await settle();
  await settle();
  assert.equal(statuses.at(-1), 'signed-out 1');
});

test('a reload takes up what was not sent, in the order it was made', async () => {
  const first = make();
  first.server.failing = 503;
  first.queue.push([op('a')]);
  first.queue.push([op('b'), op('c')]);
  await settle();
  first.queue.close();
  const second = make({ store: first.store });
  assert.deepEqual(second.queue.ops().map(({ op_id }) => op_id), ['a', 'b', 'c']);
  await second.queue.flush();
  assert.deepEqual(second.server.done, ['a', 'b', 'c']);
  assert.equal(first.store.length, 0);
});

test('a lost answer means sending again, which the server does once', async () => {
  const { queue, server, timers } = make();
  server.loseAnswer = true;
  queue.push([op('a')]);
  await settle();
  await settle();
  server.loseAnswer = false;
  timers.shift().work();
  await drained(queue);
  assert.equal(server.calls.length, 2);
  assert.deepEqual(server.done, ['a']);
});

test('a refused operation leaves the queue and is reported', async () => {
  const { queue, server, answers } = make();
  server.refuse.add('b');
  queue.push([op('a'), op('b')]);
  await drained(queue);
  assert.equal(queue.pending, 0);
  assert.equal(answers[0].refused[0].op_id, 'b');
});

test('an answer that settles nothing is tried again later, not for ever at once', async () => {
  const { queue, server, timers } = make();
  const answering = server.send;
  queue.send = async (ops) => ({ ...(await answering(ops)), acked: [], refused: [] });
  queue.push([op('a')]);
  await settle();
  await settle();
  assert.equal(timers.length, 1);
  assert.equal(queue.pending, 1);
});

test('two tabs on one transcript keep each their own operations', () => {
  const store = new MemoryStore();
  const [one, two] = [make({ store }), make({ store })];
  one.server.failing = two.server.failing = -1;
  one.queue.push([op('a')]);
  two.queue.push([op('b')]);
  assert.equal(make({ store }).queue.pending, 2);
});

test('other coders and transcripts are not touched, but found', () => {
  const store = new MemoryStore();
  const other = make({ store, versionId: 'v2' });
  other.server.failing = -1;
  other.queue.push([op('x')]);
  assert.equal(make({ store }).queue.pending, 0);
  assert.equal(make({ store, coderId: 'bo', versionId: 'v2' }).queue.pending, 0);
  assert.deepEqual(versionsWaiting(store, 'ana'), ['v2']);
});

test('a full storage still sends from memory', async () => {
  const { queue, store, server } = make();
  store.full = true;
  queue.push([op('a')]);
  await drained(queue);
  assert.deepEqual(server.done, ['a']);
});

test('a spoilt item in the storage is dropped, the rest survives', () => {
  const store = new MemoryStore();
  store.setItem('parihs:op:ana:v1:1:bad', '{');
  store.setItem('parihs:op:ana:v1:2:a', JSON.stringify(op('a')));
  assert.deepEqual(make({ store }).queue.ops().map(({ op_id }) => op_id), ['a']);
  assert.equal(store.length, 1);
});

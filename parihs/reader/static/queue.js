/**
 * Operations on their way to the study. An operation is kept in the browser's storage from the
 * moment it is made until the server has acknowledged or refused it, so that a reload, a lost
 * connection, a restarted server or an expired sign-in loses nothing. Sending twice is harmless:
 * the server knows every operation by its id.
 */

/**
 * @typedef {object} Op
 * @property {string} op_id 32 hexadecimal characters
 * @property {'code' | 'uncode' | 'restore' | 'change'} verb
 * @property {string} coding_id
 * @property {number} [start] @property {number} [end] @property {string} [code]
 * @property {string} [valence] @property {string} [memo]
 * @property {Record<string, unknown>} [set]
 */

/** @typedef {{op_id: string, message: string, hint?: string}} Refusal */
/** @typedef {{rev: number, acked: string[], refused: Refusal[], delta: any[], all?: boolean, all?: boolean, newest?: string}} Answer */
/** @typedef {'saved' | 'saving' | 'offline' | 'signed-out' | 'held' | 'failing'} QueueStatus */
/** @typedef {Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>} Store */

/** Why a request failed; `status` 0 means that no answer came. */
export class SendError extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const PREFIX = 'parihs:op:';
const MOST_AT_ONCE = 400;
const RETRY_MS = [500, 1000, 2000, 4000, 8000, 15000];

/** @returns {string} 32 hexadecimal characters */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Transcript versions for which this coder has operations waiting in this browser.
 * @param {Store} store @param {string} coderId @returns {string[]} version ids
 */
export function versionsWaiting(store, coderId) {
  const prefix = `${PREFIX}${coderId}:`;
  const found = new Set();
  for (let i = 0; i < store.length; i += 1) {
    const key = store.key(i);
    if (key?.startsWith(prefix)) found.add(key.slice(prefix.length).split(':')[0]);
  }
  return [...found];
}

export class OpQueue {
  /**
   * @param {object} options
   * @param {string} options.coderId
   * @param {string} options.versionId
   * @param {(ops: Op[]) => Promise<Answer>} options.send throws SendError
   * @param {Store | null} options.store
   * @param {(answer: Answer, sent: Map<string, Op>) => void} [options.onAnswer] operations acknowledged or refused
   * @param {(status: QueueStatus, pending: number) => void} [options.onStatus]
   * @param {(work: () => void, ms: number) => any} [options.later]
   * @param {() => number} [options.now]
   */
  constructor({ coderId, versionId, send, store, onAnswer, onStatus, later, now }) {
    this.prefix = `${PREFIX}${coderId}:${versionId}:`;
    this.send = send;
    this.store = store;
    this.onAnswer = onAnswer ?? (() => {});
    this.onStatus = onStatus ?? (() => {});
    this.later = later ?? ((work, ms) => setTimeout(work, ms));
    this.now = now ?? Date.now;
    /** @type {Map<string, {op: Op, key: string}>} in the order they were made */
    this.waiting = new Map();
    /** @type {QueueStatus} */
    this.status = 'saved';
    this.failures = 0;
    this.made = 0;
    this.closed = false;
    this.retrying = false;
    /** @type {Promise<void> | null} */
    this.flight = null;
    this.read();
  }

  get pending() {
    return this.waiting.size;
  }

  /** @returns {Op[]} not yet acknowledged, oldest first */
  ops() {
    return [...this.waiting.values()].map(({ op }) => op);
  }

  /** @param {Op[]} ops kept first, then sent at once */
  push(ops) {
    for (const op of ops) {
      // One item per operation: two tabs on one transcript never overwrite each other's list.
      const order = String(this.now() * 1000 + (this.made++ % 1000)).padStart(17, '0');
      const key = `${this.prefix}${order}:${op.op_id}`;
      this.waiting.set(op.op_id, { op, key });
      try {
        this.store?.setItem(key, JSON.stringify(op));
      } catch {
        // Storage is full or forbidden: the operation still travels from memory.
      }
    }
    if (this.status === 'saved') this.tell('saving');
    else this.tell(this.status);
    void this.flush();
  }

  /** Send everything that waits; while one request is under way the next one gathers. */
  async flush() {
    if (this.closed || this.flight || this.waiting.size === 0) return this.flight ?? undefined;
    this.flight = this.deliver();
    await this.flight;
  }

  async deliver() {
    while (this.waiting.size > 0 && !this.closed) {
      const batch = this.ops().slice(0, MOST_AT_ONCE);
      let answer;
      try {
        answer = await this.send(batch);
      } catch (error) {
        this.flight = null;
        this.failed(error instanceof SendError ? error.status : 0);
        return;
      }
      this.failures = 0;
      const sent = new Map(batch.map((op) => [op.op_id, op]));
      const done = [...answer.acked, ...answer.refused.map((refusal) => refusal.op_id)];
      const settled = done.filter((id) => this.drop(id)).length;
      this.onAnswer(answer, sent);
      if (settled === 0 && this.waiting.size > 0) {
        this.flight = null;
        this.failed(500);
        return;
      }
      this.tell(this.waiting.size > 0 ? 'saving' : 'saved');
    }
    this.flight = null;
  }

  /** @param {number} status of the failed request */
  failed(status) {
    const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    if (status === 401) this.tell('signed-out');
    else if (status === 403) this.tell('held');
    else if (status === 0 || status === 502 || status === 503 || status === 504) this.tell('offline');
    else this.tell('failing');
    if (this.retrying) return;
    this.retrying = true;
    this.later(() => {
      this.retrying = false;
      void this.flush();
    }, wait);
  }

  /** @param {string} opId @returns {boolean} whether it was waiting here */
  drop(opId) {
    const entry = this.waiting.get(opId);
    if (!entry) return false;
    this.waiting.delete(opId);
    try {
      this.store?.removeItem(entry.key);
    } catch {
      // Sending it again after a reload is harmless.
    }
    return true;
  }

  /** Take up what an earlier page left behind. */
  read() {
    if (!this.store) return;
    const keys = [];
    for (let i = 0; i < this.store.length; i += 1) {
      const key = this.store.key(i);
      if (key?.startsWith(this.prefix)) keys.push(key);
    }
    for (const key of keys.sort()) {
      try {
        const op = JSON.parse(this.store.getItem(key) ?? '');
        this.waiting.set(op.op_id, { op, key });
      } catch {
        this.store.removeItem(key);
      }
    }
    if (this.waiting.size > 0) this.status = 'saving';
  }

  close() {
    this.closed = true;
  }

  /** @param {QueueStatus} status */
  tell(status) {
    this.status = status;
    this.onStatus(status, this.waiting.size);
  }
}

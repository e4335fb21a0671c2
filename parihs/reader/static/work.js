/**
 * A coder's work on one transcript version: what is shown at once, what waits to be saved, what
 * others did meanwhile. Knows no DOM.
 */

import { Codings } from './codings.js';
import { newId, OpQueue, SendError, versionsWaiting } from './queue.js';
import { UndoStack } from './undo.js';

/** @typedef {import('./codings.js').Coding} Coding */
/** @typedef {import('./queue.js').Op} Op */
/** @typedef {import('./queue.js').Refusal} Refusal */
/** @typedef {import('./undo.js').Step} Step */
/** @typedef {import('./undo.js').Doing} Doing */

const POLL_MS = 5000;
const FIELDS = /** @type {const} */ (['start', 'end', 'code', 'valence', 'memo']);

/** @param {Coding | undefined} a @param {Coding | undefined} b @returns {boolean} */
function alike(a, b) {
  if (!a || !b) return a === b;
  return FIELDS.every((field) => a[field] === b[field]);
}

/** @param {unknown} error @returns {Refusal} */
function reason(error) {
  try {
    const { message, hint } = JSON.parse(/** @type {Error} */ (error).message);
    if (message) return { op_id: '', message, hint };
  } catch {
    // The answer was no JSON.
  }
  return { op_id: '', message: 'The study would not take these changes.', hint: 'They are kept on this computer.' };
}

export class Work {
  /**
   * @param {object} parts
   * @param {import('./api.js').Api} parts.api
   * @param {string} parts.versionId
   * @param {string} parts.coderId
   * @param {Storage | null} parts.local
   * @param {(ids: Set<string>) => void} parts.onChange
   * @param {(status: import('./queue.js').QueueStatus, pending: number) => void} parts.onStatus
   * @param {(refusal: Refusal) => void} parts.onRefused
   * @param {(rev: number) => void} parts.onSaved
   * @param {() => void} parts.onExpired the token is no longer accepted
   * @param {() => void} [parts.onSight] others’ codings came into sight, or went
   * @param {(versionId: string) => void} [parts.onNewest] the text was corrected meanwhile
   * @param {(codebookVersionId: string) => void} [parts.onCodebook] which codebook version is the newest
   */
  constructor({ api, versionId, coderId, local, onChange, onStatus, onRefused, onSaved, onExpired, onNewest, onSight, onCodebook }) {
    this.api = api;
    this.versionId = versionId;
    this.coderId = coderId;
    this.local = local;
    this.onChange = onChange;
    this.onRefused = onRefused;
    this.onSaved = onSaved;
    this.onExpired = onExpired;
    this.onSight = onSight ?? (() => {});
    this.onNewest = onNewest ?? (() => {});
    this.onCodebook = onCodebook ?? (() => {});
    this.codings = new Codings(coderId);
    this.history = new UndoStack();
    /** Whether the study has been asked for the steps of earlier pages. */
    this.askedPast = false;
    this.queue = new OpQueue({
      coderId,
      versionId,
      store: local,
      send: (ops) => this.guard(api.send(versionId, this.codings.rev, ops), true),
      onAnswer: (answer, sent) => this.answered(answer, sent),
      onStatus,
    });
    this.wake = () => void this.queue.flush();
  }

  /**
   * @template T @param {Promise<T>} call @param {boolean} [tell] why the server would not have it
   * @returns {Promise<T>}
   */
  async guard(call, tell = false) {
    try {
      return await call;
    } catch (error) {
      const status = error instanceof SendError ? error.status : 0;
      if (status === 401 || status === 403) this.onExpired();
      else if (tell && status >= 400 && status < 500) this.onRefused(reason(error));
      throw error;
    }
  }

  /** Everything that is coded here, with what an earlier page could not send on top. */
  async load() {
    const { rev, codings } = await this.guard(this.api.codings(this.versionId, 0));
    this.codings.learn(codings, rev);
    for (const op of this.queue.ops()) this.codings.apply(op);
  }

  /** Begin to send and to listen. */
  begin() {
    void this.queue.flush();
    this.timer = setInterval(() => void this.poll(), POLL_MS);
    window.addEventListener('online', this.wake);
    this.sendLeftovers();
  }

  /** Operations on other transcripts that never left this browser travel now. */
  sendLeftovers() {
    if (!this.local) return;
    for (const versionId of versionsWaiting(this.local, this.coderId)) {
      if (versionId === this.versionId) continue;
      const { coderId, local: store } = this;
      const queue = new OpQueue({
        coderId,
        versionId,
        store,
        send: (ops) => this.api.send(versionId, Number.MAX_SAFE_INTEGER, ops),
        onAnswer: (answer) => answer.refused.forEach((refusal) => this.onRefused(refusal)),
      });
      void queue.flush().finally(() => queue.close());
    }
  }

  /** @param {string} label for undo, as in “coded Fit” @param {Step} step */
  perform(label, step) {
    const id = newId();
    this.history.record(id, label, step, this.codings.all.get(step.coding_id));
    this.put(step, id);
  }

  /** @returns {Promise<Doing | null>} what was taken back; null where there is nothing */
  async undo() {
    if (this.history.done.length === 0) await this.askPast();
    return this.doSteps(this.history.undo());
  }

  /** @returns {Promise<Doing | null>} */
  async redo() {
    if (this.history.undone.length === 0 && this.history.done.length === 0) await this.askPast();
    return this.doSteps(this.history.redo());
  }

  /** @param {Doing | null} doing */
  doSteps(doing) {
    for (const step of doing?.steps ?? []) this.put(step);
    return doing;
  }

  /** The steps of earlier pages, once; what waits here has to be known there first. */
  async askPast() {
    if (this.askedPast) return;
    await this.queue.flush();
    if (this.queue.pending > 0) return;
    try {
      const past = await this.guard(this.api.past(this.versionId));
      this.askedPast = true;
      if (this.queue.pending === 0) this.history.learn(past);
    } catch {
      // Without the study there are only the steps of this page.
    }
  }

  /** @param {Step} step @param {string} [id] */
  put(step, id = newId()) {
    const op = { op_id: id, ...step };
    this.codings.apply(op);
    this.onChange(new Set([op.coding_id]));
    this.queue.push([op]);
  }

  /** @param {import('./queue.js').Answer} answer @param {Map<string, Op>} sent */
  answered(answer, sent) {
    const touched = new Set(answer.delta.map((/** @type {Coding} */ coding) => coding.id));
    for (const op of sent.values()) touched.add(op.coding_id);
    if (answer.all) for (const id of this.codings.known.keys()) touched.add(id);
    const before = new Map([...touched].map((id) => [id, this.codings.get(id)]));
    for (const id of this.codings.learn(answer.delta, answer.rev, answer.all)) touched.add(id);
    for (const id of answer.acked) {
      const op = sent.get(id);
      if (op) this.codings.release(op);
    }
    for (const refusal of answer.refused) {
      const op = sent.get(refusal.op_id);
      if (!op) continue;
      this.codings.release(op);
      this.history.forget(op.coding_id);
      this.onRefused(refusal);
    }
    const changed = new Set([...touched].filter((id) => !alike(before.get(id), this.codings.get(id))));
    if (changed.size > 0) this.onChange(changed);
    if (answer.all) this.onSight();
    if (answer.acked.length > 0) this.onSaved(this.codings.rev);
    if (answer.newest && answer.newest !== this.versionId) this.onNewest(answer.newest);
    if (answer.codebook) this.onCodebook(answer.codebook);
  }

  /** Hear what others did. */
  async poll() {
    if (document.visibilityState !== 'visible' || this.queue.flight) return;
    if (this.queue.pending > 0) {
      void this.queue.flush();
      return;
    }
    try {
      const { codings, ...answer } = await this.guard(this.api.codings(this.versionId, this.codings.rev));
      this.answered({ ...answer, delta: codings, acked: [], refused: [] }, new Map());
    } catch {
      // Nothing is lost by not hearing; the next poll asks again.
    }
  }

  close() {
    clearInterval(this.timer);
    window.removeEventListener('online', this.wake);
    this.queue.close();
  }
}

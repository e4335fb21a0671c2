/** The reader's few HTTP calls, all with its short-lived token. */

import { SendError } from './queue.js';

const TIMEOUT_MS = 20000;

export class Api {
  /** @param {string} base @param {string} token */
  constructor(base, token) {
    this.base = base;
    this.token = token;
    /** Version of the codebook that the page shows: codes are given under it. */
    this.codebookId = '';
  }

  /**
   * @param {string} path @param {unknown} [body] sent by POST when given
   * @returns {Promise<any>} throws SendError with the status, 0 if no answer came
   */
  async call(path, body) {
    /** @type {RequestInit} */
    const request = {
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    };
    if (body !== undefined) {
      request.method = 'POST';
      request.body = JSON.stringify(body);
    }
    let response;
    try {
      response = await fetch(`${this.base}${path}`, request);
    } catch (error) {
      throw new SendError(0, String(error));
    }
    if (!response.ok) throw new SendError(response.status, await response.text().catch(() => ''));
    return response.json();
  }

  text(/** @type {string} */ version) {
    return this.call(`/versions/${encodeURIComponent(version)}/text`);
  }

  words(/** @type {string} */ version) {
    return this.call(`/versions/${encodeURIComponent(version)}/words`);
  }

  codebook(/** @type {string} */ id) {
    return this.call(`/codebooks/${encodeURIComponent(id)}`);
  }

  choose(/** @type {string} */ code, /** @type {Record<string, unknown>} */ set) {
    return this.call('/choices', { code, ...set });
  }

  newCode(/** @type {string} */ name, /** @type {string} */ below) {
    return this.call('/codes', { codebook: this.codebookId, name, below });
  }

  codings(/** @type {string} */ version, /** @type {number} */ since) {
    return this.call(`/versions/${encodeURIComponent(version)}/codings?since=${since}`);
  }

  send(/** @type {string} */ version, /** @type {number} */ since, /** @type {unknown[]} */ ops) {
    return this.call('/ops', { version_id: version, since, ops, codebook: this.codebookId || undefined });
  }

  correct(/** @type {string} */ version, /** @type {unknown[]} */ edits, /** @type {boolean} */ save) {
    return this.call(`/versions/${encodeURIComponent(version)}/corrections`, { edits, save });
  }

  past(/** @type {string} */ version) {
    return this.call(`/versions/${encodeURIComponent(version)}/past`);
  }

  history(/** @type {string} */ coding) {
    return this.call(`/codings/${encodeURIComponent(coding)}/history`);
  }

  peaks(/** @type {string} */ recording) {
    return this.call(`/recordings/${encodeURIComponent(recording)}/peaks`);
  }
}

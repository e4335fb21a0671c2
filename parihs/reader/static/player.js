/** The recording below the text: play, seek, speed, and the word being spoken. */

import { clock, el, quietButton, setText } from './dom.js';

/** @typedef {import('./clock.js').WordClock} WordClock */
/** @typedef {{id: string, url: string, duration_ms: number}} Recording */

const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];
const BEFORE_MS = 2000;
const AFTER_MS = 1000;

export class Player {
  /**
   * @param {object} parts
   * @param {Recording} parts.recording
   * @param {Pick<Storage, 'getItem' | 'setItem'> | null} parts.store
   * @param {(turn: number, from: number, to: number) => void} parts.onWord turn −1: none
   * @param {(turn: number, from: number) => void} parts.onFollow brings a word into view
   */
  constructor({ recording, store, onWord, onFollow }) {
    this.recording = recording;
    this.store = store;
    this.onWord = onWord;
    this.onFollow = onFollow;
    /** @type {WordClock | null} */
    this.words = null;
    this.current = -1;
    /** @type {number | null} */
    this.stopAt = null;
    this.followed = -1;
    this.frame = 0;
    this.audio = el('audio', { preload: 'metadata', src: recording.url });
    this.play = quietButton('Play', () => this.toggle(), { class: 'pr-play', 'aria-label': 'Play', title: 'Play or pause (` or Ctrl+Space)' });
    this.time = el('span', { class: 'pr-clock', text: `0:00 / ${clock(recording.duration_ms)}` });
    this.canvas = el('canvas', { class: 'pr-wave', 'aria-hidden': 'true' });
    this.slider = el('input', {
      class: 'pr-seek', type: 'range', min: 0, max: recording.duration_ms, step: 100, value: 0, 'aria-label': 'Position in the recording',
    });
    this.speed = el('select', { class: 'pr-speed', 'aria-label': 'Speed', title: 'Speed (< and >)' });
    for (const value of SPEEDS) this.speed.append(el('option', { value, text: `${value}×` }));
    this.follow = el('input', { type: 'checkbox' });
    this.follow.checked = store?.getItem('parihs:follow') !== 'no';
    this.notice = el('span', { class: 'pr-player-notice', role: 'status' });
    this.element = el(
      'footer',
      { class: 'pr-player', 'aria-label': 'Recording' },
      this.play,
      quietButton('−5 s', () => this.skip(-5000), { class: 'pr-skip', title: 'Five seconds back (h)' }),
      quietButton('+5 s', () => this.skip(5000), { class: 'pr-skip', title: 'Five seconds on (l)' }),
      this.time,
      el('div', { class: 'pr-track' }, this.canvas, this.slider),
      this.notice,
      this.speed,
      el('label', { class: 'pr-follow', title: 'Keep the spoken word in view' }, this.follow, 'Follow'),
      this.audio,
    );
    this.setSpeed(Number(store?.getItem('parihs:speed')) || 1);
    this.listen();
  }

  listen() {
    const { audio } = this;
    audio.addEventListener('play', () => {
      this.playing(true);
      this.tick();
    });
    audio.addEventListener('pause', () => this.playing(false));
    audio.addEventListener('timeupdate', () => this.show());
    audio.addEventListener('seeked', () => this.show());
    audio.addEventListener('error', () => this.lost());
    this.slider.addEventListener('input', () => this.seek(Number(this.slider.value)));
    this.speed.addEventListener('change', () => this.setSpeed(Number(this.speed.value)));
    this.follow.addEventListener('change', () => this.keep('parihs:follow', this.follow.checked ? 'yes' : 'no'));
    this.resizer = new ResizeObserver(() => this.draw());
    this.resizer.observe(this.canvas);
  }

  /** @param {boolean} on */
  playing(on) {
    setText(this.play, on ? 'Pause' : 'Play');
    this.play.setAttribute('aria-label', on ? 'Pause' : 'Play');
    this.play.classList.toggle('is-playing', on);
  }

  /** The address holds a short-lived token; a new one is only used when the old one fails. @param {string} url */
  renew(url) {
    const broken = this.recording.url !== url && this.audio.error;
    this.recording = { ...this.recording, url };
    if (broken) this.reload();
  }

  lost() {
    if (this.audio.src.endsWith(this.recording.url)) {
      this.notice.textContent = 'The recording cannot be played. Coding goes on without it.';
    } else this.reload();
  }

  reload() {
    const at = this.audio.currentTime;
    this.audio.src = this.recording.url;
    this.audio.currentTime = at;
    this.notice.textContent = '';
  }

  get nowMs() {
    return this.audio.currentTime * 1000;
  }

  toggle() {
    this.stopAt = null;
    if (this.audio.paused) void this.start();
    else this.audio.pause();
  }

  async start() {
    try {
      await this.audio.play();
      this.notice.textContent = '';
    } catch (error) {
      if (/** @type {Error} */ (error).name === 'NotAllowedError') this.notice.textContent = 'Press Play to listen.';
    }
  }

  /** @param {number} ms */
  seek(ms) {
    this.stopAt = null;
    this.audio.currentTime = Math.max(0, Math.min(ms, this.recording.duration_ms)) / 1000;
    this.show();
  }

  /** @param {number} by ms */
  skip(by) {
    this.seek(this.nowMs + by);
  }

  /** @param {number} ms */
  playFrom(ms) {
    this.seek(ms);
    void this.start();
  }

  /** Hear an excerpt from two seconds before to one second after. @param {{startMs: number, endMs: number}} span */
  playSpan({ startMs, endMs }) {
    this.seek(startMs - BEFORE_MS);
    this.stopAt = endMs + AFTER_MS;
    void this.start();
  }

  /** @param {1 | -1} by */
  stepSpeed(by) {
    const at = SPEEDS.indexOf(this.audio.playbackRate);
    this.setSpeed(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at + by))]);
  }

  /** @param {number} value */
  setSpeed(value) {
    const speed = SPEEDS.includes(value) ? value : 1;
    this.audio.preservesPitch = true;
    this.audio.defaultPlaybackRate = speed;
    this.audio.playbackRate = speed;
    this.speed.value = String(speed);
    this.keep('parihs:speed', String(speed));
  }

  tick() {
    cancelAnimationFrame(this.frame);
    if (this.audio.paused) return;
    if (this.stopAt !== null && this.nowMs >= this.stopAt) {
      this.stopAt = null;
      this.audio.pause();
      return;
    }
    this.mark();
    this.frame = requestAnimationFrame(() => this.tick());
  }

  mark() {
    const word = this.words?.at(this.nowMs) ?? null;
    const key = word ? word.startMs : -1;
    if (key === this.current) return;
    this.current = key;
    this.onWord(word?.turn ?? -1, word?.from ?? 0, word?.to ?? 0);
    if (word && this.follow.checked && !this.audio.paused) this.onFollow(word.turn, word.from);
  }

  show() {
    this.mark();
    const total = this.recording.duration_ms;
    setText(this.time, `${clock(this.nowMs)} / ${clock(total)}`);
    this.slider.value = String(this.nowMs);
    this.slider.setAttribute('aria-valuetext', clock(this.nowMs));
    this.draw();
  }

  /** @param {{per_second: number, peaks: number[]}} peaks */
  setPeaks(peaks) {
    this.peaks = peaks.peaks;
    this.loudest = this.peaks.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
    this.element.classList.add('has-wave');
    this.draw();
  }

  draw() {
    const { canvas, peaks } = this;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (!peaks || width === 0) return;
    const scale = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * scale)) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      this.bars = null;
    }
    const count = Math.floor(width / 3);
    const bars = (this.bars ??= Array.from({ length: count }, (_, i) => {
      const from = Math.floor((i * peaks.length) / count);
      const to = Math.max(from + 1, Math.floor(((i + 1) * peaks.length) / count));
      let most = 0;
      for (let at = from; at < to; at += 1) most = Math.max(most, Math.abs(peaks[at]));
      return most / (this.loudest ?? 1);
    }));
    const style = getComputedStyle(canvas);
    const pen = canvas.getContext('2d');
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    const done = (this.nowMs / this.recording.duration_ms) * bars.length;
    const [heard, ahead] = [style.getPropertyValue('--pr-accent'), style.getPropertyValue('--pr-line-strong')];
    bars.forEach((/** @type {number} */ bar, /** @type {number} */ i) => {
      pen.fillStyle = i <= done ? heard : ahead;
      const tall = Math.max(1.5, bar * (height - 2));
      pen.fillRect(i * 3, (height - tall) / 2, 2, tall);
    });
  }

  /** @param {string} key @param {string} value */
  keep(key, value) {
    try {
      this.store?.setItem(key, value);
    } catch {
      // A preference only.
    }
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.resizer?.disconnect();
    this.audio.pause();
    this.audio.removeAttribute('src');
  }
}

/** The desk: puts text, stripes, codebook, palette and player together for one transcript version. */

import { Api } from './api.js';
import { actionsOf } from './actions.js';
import { AtHand } from './at_hand.js';
import { Backlight } from './backlight.js';
import { BookKeeping } from './book_keeping.js';
import { CodebookPanel } from './codebook.js';
import { Codes, Recent } from './codes.js';
import { colourCodes } from './colours.js';
import { cheatSheet } from './help.js';
import { Highlights } from './highlights.js';
import { Inspector } from './inspector.js';
import { isDark, Layout } from './layout.js';
import { el, plural, quietButton } from './dom.js';
import { Edges } from './edges.js';
import { Editing } from './editing.js';
import { listenForKeys } from './keys.js';
import { listenForMouse } from './mouse.js';
import { openPlayer } from './listening.js';
import { Memos } from './memos.js';
import { Minimap } from './minimap.js';
import { Nearby } from './nearby.js';
import { Palette } from './palette.js';
import { ownWords } from './rules.js';
import { SavedState } from './saved.js';
import { Search } from './search.js';
import { SelectionCard } from './selection_card.js';
import { Selecting } from './selection.js';
import { SendError } from './queue.js';
import { Speakers } from './speakers.js';
import { Stripes } from './stripes.js';
import { TextView } from './text.js';
import { addTools } from './tools.js';
import { View } from './view.js';
import { addReadingStyle, Viewing } from './viewing.js';
import { Work } from './work.js';

/**
 * What Python passes in; see `ReaderData` there.
 * @typedef {object} ReaderData
 * @property {string} version_id @property {string} transcript_id @property {string} api
 * @property {string} token @property {{id: string, name: string}} coder
 * @property {{id: string, name: string}[]} coders @property {string} codebook_version_id
 * @property {import('./player.js').Recording | null} recording
 * @property {{start: number, end: number, play: boolean, nonce: string | number} | null} jump
 * @property {boolean} can_code @property {string} why_not @property {boolean} fictional
 * @property {boolean} can_correct
 * @property {number} version_number @property {boolean} frozen an earlier version, to look at only
 */

/**
 * @typedef {object} Resume
 * @property {number} place turn at the top @property {number} offset of it in px @property {number} current turn
 * @property {number} open turn to correct, −1 for none @property {boolean} editing @property {string} message
 */

/** @typedef {import('./codings.js').Coding} Coding */

const EXPIRED_MS = 10000;

/** @param {'localStorage' | 'sessionStorage'} name @returns {Storage | null} null where forbidden */
function storage(name) {
  try {
    return window[name];
  } catch {
    return null;
  }
}

/**
 * Whether somebody is in the middle of typing elsewhere. A list from which something was just chosen,
 * such as who is coding, keeps the keyboard though it has done its work.
 * @param {Element | null} at @returns {boolean}
 */
function isBusy(at) {
  if (!(at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement)) return false;
  return at.getAttribute('role') !== 'combobox' || at.getAttribute('aria-expanded') === 'true';
}

export class Reader {
  // Built when the text has arrived; nothing that uses them can run before.
  /** @type {Work} */ work;
  /** @type {TextView} */ text;
  /** @type {Codes} */ codes;
  /** @type {AtHand} */ atHand;
  /** @type {Recent} */ recent;
  /** @type {Highlights} */ highlights;
  /** @type {Selecting} */ selecting;
  /** @type {Stripes} */ stripes;
  /** @type {View} */ view;
  /** @type {ReturnType<typeof actionsOf>} */ actions;
  /** @type {CodebookPanel} */ panel;
  /** @type {Inspector} */ inspector;
  /** @type {Palette} */ palette;
  /** @type {Speakers} */ speakers;
  /** @type {Editing} */ editing;
  /** @type {Search} */ search;
  /** @type {Minimap} */ minimap;
  /** @type {Viewing} */ viewing;
  /** @type {Memos} */ memos;
  /** @type {Edges} */ edges;
  /** @type {SelectionCard} */ selectionCard;
  /** @type {string} the coding whose words are being chosen anew */ reshaping = '';
  /** @type {HTMLElement | null} */ editTool = null;
  /** @type {Resume | null} where to go on when this text has taken an older one's place */ resume = null;
  /** @type {(versionId: string, resume: Resume) => void} set by whoever mounts it */ switchTo = () => {};
  /** @type {HTMLDialogElement} */ help;
  /** @type {Map<string, string>} */ colours = new Map();
  /** @type {SavedState | null} */ saved = null;
  /** @type {import('./player.js').Player | null} only where there is a recording */ player = null;
  /** @type {import('./clock.js').WordClock | null} */ words = null;
  /** @type {{start: number, end: number} | null} */ playAfterLoad = null;
  /** @type {(() => void) | null} draws the switches of coders anew */ whose = null;
  dark = false;

  /**
   * @param {HTMLElement} host @param {ReaderData} data
   * @param {(name: string, value: unknown) => void} setStateValue
   */
  constructor(host, data, setStateValue) {
    this.host = host;
    this.data = data;
    this.setStateValue = setStateValue;
    this.local = storage('localStorage');
    this.api = new Api(data.api, data.token);
    addReadingStyle();
    this.layout = new Layout(host, this.local);
    this.root = this.layout.root;
    /** @type {(() => void)[]} */
    this.closers = [];
    this.selected = '';
    this.backlight = new Backlight();
    this.bookKeeping = new BookKeeping(this);
    /** @type {Set<string>} */
    this.hiddenCoders = new Set();
    this.askedAt = 0;
    this.jumped = /** @type {string | number | null} */ (null);
  }

  /** @param {ReaderData} data @returns {boolean} whether this reader can go on with it */
  isFor(data) {
    const same = /** @type {const} */ (['transcript_id', 'frozen', 'can_correct', 'can_code', 'api']);
    if (data.frozen && data.version_id !== this.data.version_id) return false;
    return same.every((name) => data[name] === this.data[name]) && data.coder.id === this.data.coder.id &&
      data.recording?.id === this.data.recording?.id;
  }

  /** Fresh token, other theme, another place to go. @param {ReaderData} data @param {(name: string, value: unknown) => void} setStateValue */
  update(data, setStateValue) {
    const renewed = data.token !== this.data.token;
    // The page may know of a newer text, or not yet of this one; the reader changes over by itself.
    const { version_id, version_number, codebook_version_id } = this.data;
    if (data.codebook_version_id !== codebook_version_id) void this.bookKeeping.changed(data.codebook_version_id);
    if (data.version_number > version_number) this.editing?.saving.superseded(data.version_id);
    this.data = { ...data, version_id, version_number };
    this.setStateValue = setStateValue;
    this.api.token = data.token;
    if (renewed) void this.work?.queue.flush();
    if (data.recording) this.player?.renew(data.recording.url);
    this.whose?.();
    if (!this.codes) return;
    const dark = isDark(this.root);
    if (dark !== this.dark) this.paintTheme(dark);
    this.jump();
  }

  async open() {
    const { api, data, layout } = this;
    layout.page.append(el('p', { class: 'pr-opening', text: 'Opening the transcript…' }));
    this.makeWork();
    try {
      const [version, codebook] = await Promise.all([api.text(data.version_id), api.codebook(data.codebook_version_id), this.work.load()]);
      layout.page.replaceChildren();
      this.build(version, codebook);
    } catch (error) {
      this.couldNotOpen(error);
    }
  }

  /** @param {unknown} error */
  couldNotOpen(error) {
    const status = error instanceof SendError ? error.status : -1;
    if (status === -1) console.error(error);
    const why = status === 401 || status === 403
      ? 'The sign-in to this transcript has run out.'
      : status === 0 ? 'The study does not answer.' : 'The transcript could not be opened.';
    const again = quietButton('Try again', () => {
      this.work?.close();
      void this.open();
    }, { class: 'pr-act' });
    this.layout.page.replaceChildren(
      el('div', { class: 'pr-opening', role: 'alert' }, el('p', { text: `${why} Codings already made are safe.` }), again),
    );
  }

  makeWork() {
    const { data, layout } = this;
    this.saved ??= new SavedState(this.root);
    this.work = new Work({
      api: this.api,
      versionId: data.version_id,
      coderId: data.coder.id,
      local: this.local,
      onChange: (ids) => this.view?.changed(ids),
      onStatus: (status, pending) => this.saved?.show(status, pending),
      onRefused: ({ message, hint }) => layout.notice(message, hint, true),
      onSaved: () => performance.mark('parihs:saved'),
      onExpired: () => this.renew(),
      onSight: () => this.sightChanged(),
      onNewest: (id) => this.editing?.saving.superseded(id),
      onCodebook: (id) => void this.bookKeeping.changed(id),
    });
    this.saved.show(this.work.queue.status, this.work.queue.pending);
  }

  /** @param {any} version @param {import('./codes.js').Book} codebook */
  build(version, codebook) {
    const { layout, data, work } = this;
    // Asked before thousands of turns are there: the answer costs a layout of the page.
    const dark = isDark(this.root);
    data.version_number = version.number;
    this.text = new TextView(version, layout.page);
    this.codes = new Codes(codebook.codes, codebook);
    this.api.codebookId = codebook.id;
    this.recent = new Recent(this.local, `parihs:recent:${codebook.book}`, this.codes);
    this.atHand = new AtHand({
      api: this.api, codes: this.codes, able: data.coder.id !== '',
      onChange: () => this.atHandChanged(), tell: (message, hint) => layout.notice(message, hint, true),
    });
    const colour = (/** @type {string} */ id) => this.colours.get(id) ?? '#888888';
    const nearby = new Nearby(this.text, layout.scroller);
    this.highlights = new Highlights(this.text, nearby, this.root, (code) => this.codes.top(code));
    this.selecting = new Selecting(this.text, () => this.view?.selectionChanged());
    this.stripes = new Stripes({
      text: this.text,
      nearby,
      find: (id) => work.codings.get(id),
      describe: (coding) => ({
        name: this.codes.name(coding.code),
        colour: colour(coding.code),
        coder: this.coderName(coding.coder),
        mine: coding.coder === data.coder.id,
        who: this.coderMark(coding.coder),
      }),
      lit: (coding) => this.isLit(coding),
      onPick: (id) => this.view.pick(id, false),
    });
    this.view = new View(this);
    this.actions = actionsOf(this);
    this.panel = new CodebookPanel({
      codes: this.codes,
      recent: this.recent,
      onPick: (id) => this.actions.pickCode(id),
      onBacklight: (id) => this.view.backlight(id),
      atHand: this.atHand,
    });
    this.inspector = new Inspector({
      codes: this.codes, colour, canPlay: data.recording !== null, canCode: data.can_code, actions: this.actions.forInspector,
      own: (code) => ownWords(code, this.atHand, this.panel.counted.filter((coding) => coding.code === code.id).length),
    });
    this.palette = new Palette({
      host: layout.body, codes: this.codes, recent: this.recent, colour, onClose: () => layout.focusText(),
      atHand: this.atHand, onNew: (name, below) => this.bookKeeping.add(name, below),
    });
    this.speakers = new Speakers(this);
    this.editing = new Editing(this);
    this.search = new Search(this);
    this.minimap = new Minimap(this);
    this.viewing = new Viewing(this);
    this.memos = new Memos(this);
    this.edges = new Edges(this);
    this.selectionCard = new SelectionCard(this);
    layout.panel.append(this.panel.element, this.inspector.element);
    layout.title.textContent = version.title;
    if (data.fictional) layout.title.append(el('span', { class: 'pr-fictional', text: 'fictional data' }));
    layout.panel.setAttribute('aria-label', `Codebook ${codebook.name}`);
    addTools(this);
    this.help = cheatSheet(data.recording !== null, () => layout.focusText());
    this.root.append(this.help);
    this.closers.push(listenForKeys(this.root, (act, arg) => this.actions.run(act, arg)), listenForMouse(this), () => nearby.close());
    this.paintTheme(dark);
    this.view.fill();
    this.view.restorePlace();
    requestAnimationFrame(() => requestAnimationFrame(() => this.ready()));
  }

  ready() {
    this.root.dataset.ready = 'true';
    this.layout.fill();
    this.view.scrollToPlace();
    performance.mark('parihs:ready');
    if (!isBusy(document.activeElement)) this.layout.focusText();
    this.work.begin();
    this.closers.push(this.view.watch(), this.speakers.begin(), this.editing.begin(), this.minimap.begin());
    this.memos.begin();
    this.jump();
    if (this.data.recording) openPlayer(this);
  }

  /** @param {boolean} dark */
  paintTheme(dark) {
    this.dark = dark;
    this.root.classList.toggle('pr-dark', this.dark);
    this.colours = colourCodes(this.codes.list, this.dark);
    const constructs = this.codes.list.filter((code) => this.codes.top(code.id) === code.id);
    this.highlights.colour(new Map(constructs.map(({ id }) => [id, this.colours.get(id) ?? ''])), this.dark);
    this.panel.paint((id) => this.colours.get(id) ?? '#888888');
    this.stripes.redraw();
    this.minimap.draw();
  }

  /** A pin or a word was set: everything that shows it follows. */
  atHandChanged() {
    this.panel.showPins();
    this.panel.narrow();
    const typing = document.activeElement?.classList.contains('pr-word-new');
    this.inspector.again();
    if (typing) /** @type {HTMLElement | null} */ (this.root.querySelector('.pr-word-new'))?.focus();
  }

  /** @param {Coding} coding @returns {boolean} */
  isLit(coding) {
    return this.backlight.lights(
      coding,
      (code, above) => this.codes.isWithin(code, above),
      () => this.text.pieces(coding).map(({ turn }) => this.voiceAt(turn)),
    );
  }

  /** @param {number} turn @returns {import('./text.js').Speaker | null} */
  voiceAt(turn) {
    const voice = this.text.turns[turn][0];
    return voice === null ? null : this.text.speakers[voice] ?? null;
  }

  /** Which mark another coder's stripes carry. @param {string} id @returns {number} 1–4 */
  coderMark(id) {
    const others = this.data.coders.filter((coder) => coder.id !== this.data.coder.id);
    return (Math.max(0, others.findIndex((coder) => coder.id === id)) % 4) + 1;
  }

  /** @param {string} id @returns {string} */
  coderName(id) {
    if (id === this.data.coder.id) return 'you';
    return this.data.coders.find((coder) => coder.id === id)?.name ?? 'another coder';
  }

  /** Go where Python asks, once for each request. */
  jump() {
    const { jump } = this.data;
    if (!jump || jump.nonce === this.jumped || !this.view || this.root.dataset.ready !== 'true') return;
    this.jumped = jump.nonce;
    this.view.goToExcerpt(jump);
    this.layout.announce(`Excerpt of ${plural(this.text.quote(jump).split(/\s+/).length, 'word')}`);
    if (!jump.play) return;
    const span = this.words?.span(jump);
    if (this.player && span) this.player.playSpan(span);
    else this.playAfterLoad = jump;
  }

  /** Others’ codings came into sight or went: the page says whose. */
  sightChanged() {
    this.layout.notice('Whose codings you see here has just changed.', 'A transcript was released, or somebody assigned it.');
    this.setStateValue('renew', Date.now());
  }

  /** A rerun of the page brings a fresh token. */
  renew() {
    const now = Date.now();
    if (now - this.askedAt < EXPIRED_MS) return;
    this.askedAt = now;
    this.setStateValue('renew', now);
  }

  close() {
    this.inspector?.keepMemo();
    for (const close of this.closers) close();
    this.player?.close();
    this.edges?.close();
    this.search?.element.remove();
    this.stripes?.close();
    this.highlights?.close();
    this.work?.close();
    this.layout.close();
  }
}

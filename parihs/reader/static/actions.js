/** What the coder can do, by name: keys, buttons and clicks all end here. */

import { newId } from './queue.js';
import { stepValence, valenceName } from './valence.js';

/** @typedef {import('./desk.js').Reader} Reader */
/** @typedef {import('./text.js').Excerpt} Excerpt */

const MOST_MARKS = 600;

/** Mark when the key was pressed and when its effect was on screen, for measurements. */
function markPainted() {
  requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = () => performance.mark('parihs:painted');
    after.port2.postMessage(0);
  });
}

/** @param {Reader} reader */
export function actionsOf(reader) {
  const { work, layout, codes, selecting, data, text } = reader;
  let marks = 0;

  const mine = () => {
    const coding = work.codings.get(reader.selected);
    return coding && coding.coder === data.coder.id && data.can_code ? coding : null;
  };

  /** @returns {Excerpt | null} */
  const target = () => selecting.excerpt ?? work.codings.get(reader.selected) ?? null;

  /** @param {Excerpt} excerpt @returns {DOMRect | null} */
  const rectOf = (excerpt) => {
    const pieces = text.pieces(excerpt);
    const last = pieces[pieces.length - 1];
    if (!last) return null;
    const rects = text.range(last.turn, last.from, last.to).getClientRects();
    const [first, end] = [rects[0], rects[rects.length - 1]];
    return first && end ? new DOMRect(first.left, first.top, first.width, end.bottom - first.top) : null;
  };

  /** @param {string} code */
  const apply = (code) => {
    const excerpt = target();
    if (!data.can_code) return layout.notice('This transcript is open for reading only.', data.why_not);
    if (!code) return layout.notice('No code was used yet.', 'Press c to choose one.');
    if (!excerpt) return layout.notice('Nothing is selected.', 'Drag over words, or press s for a sentence.');
    const { start, end } = excerpt;
    const twin = [...work.codings.shown.values()].find(
      (other) => other.code === code && other.start === start && other.end === end && other.coder === data.coder.id,
    );
    if (twin) {
      reader.view.pick(twin.id, false);
      return layout.notice(`These words already carry “${codes.name(code)}”.`);
    }
    const coding_id = newId();
    // Before anything changes on the page: afterwards it would cost a layout.
    window.getSelection()?.removeAllRanges();
    work.perform(`coding “${codes.name(code)}”`, { verb: 'code', coding_id, start, end, code, valence: 'unrated', memo: '' });
    reader.view.pick(coding_id, false);
    reader.recent.use(code);
    reader.panel.digits();
    markPainted();
  };

  /** @param {string} id @param {Record<string, unknown>} set @param {string} label */
  const change = (id, set, label) => {
    const coding = work.codings.get(id);
    if (!coding || coding.coder !== data.coder.id || !data.can_code) return;
    if (Object.entries(set).every(([field, value]) => /** @type {any} */ (coding)[field] === value)) return;
    work.perform(label, { verb: 'change', coding_id: id, set });
    markPainted();
  };

  /** @param {string} id @param {string} valence */
  const rate = (id, valence) => change(id, { valence }, `the rating “${valenceName(valence)}”`);

  /** @param {string} id */
  const remove = (id) => {
    const coding = work.codings.get(id);
    if (!coding || coding.coder !== data.coder.id || !data.can_code) return;
    work.perform(`removing “${codes.name(coding.code)}”`, { verb: 'uncode', coding_id: id });
    selecting.turn = text.turnAt(coding.start);
    layout.notice(`“${codes.name(coding.code)}” removed.`, 'Ctrl+Z brings it back.');
    markPainted();
  };

  /** @param {string} id @param {Excerpt} excerpt */
  const reshape = (id, { start, end }) => {
    const coding = work.codings.get(id);
    if (coding) change(id, { start, end }, `the words of “${codes.name(coding.code)}”`);
  };

  /** @param {string} id */
  const recode = (id) => {
    const coding = work.codings.get(id);
    if (!coding || coding.coder !== data.coder.id || !data.can_code) return;
    reader.palette.show({
      prompt: `Instead of “${codes.name(coding.code)}”`,
      near: rectOf(coding),
      several: false,
      choose: (code) => {
        change(id, { code }, `changing to “${codes.name(code)}”`);
        reader.recent.use(code);
        reader.panel.digits();
      },
    });
  };

  /** @param {Excerpt | null} excerpt */
  const hear = (excerpt) => {
    if (!reader.player) return;
    const span = excerpt && reader.words?.span(excerpt);
    if (span) reader.player.playSpan(span);
    else layout.notice(excerpt ? 'These words have no time in the recording.' : 'Select a coding or words to hear them.');
  };

  /** Next or previous coding from where the coder is. @param {1 | -1} by */
  const stepCoding = (by) => {
    const list = reader.view.shown().filter((coding) => reader.isLit(coding));
    const at = list.findIndex((coding) => coding.id === reader.selected);
    const here = text.starts[Math.max(0, reader.view.current)];
    const next = at >= 0
      ? list[at + by]
      : by > 0 ? list.find((coding) => coding.start >= here) : list.findLast((coding) => coding.start < here);
    if (next) reader.view.pick(next.id, true);
    else layout.notice(by > 0 ? 'No coding further on.' : 'No coding before this.');
  };

  const revealFocus = () => {
    const native = window.getSelection();
    const excerpt = selecting.excerpt;
    if (!excerpt) return;
    const point = selecting.focus === excerpt.end ? excerpt.end - 1 : excerpt.start;
    reader.view.reveal(point);
    // The browser's selection follows, so that copying works.
    const pieces = text.pieces(excerpt);
    const [first, last] = [pieces[0], pieces[pieces.length - 1]];
    if (first && last) native?.setBaseAndExtent(text.nodes[first.turn], first.from, text.nodes[last.turn], last.to);
  };

  /** @type {Record<string, (arg: any) => boolean | void>} */
  const table = {
    turn(by) {
      window.getSelection()?.removeAllRanges();
      reader.view.pick('', false);
      let to = reader.view.current + by;
      while (text.rows[to]?.classList.contains('pr-left-out')) to += by;
      if (!text.rows[to]) return;
      selecting.goTo(to);
      reader.view.setCurrent(selecting.turn);
      reader.view.reveal(text.starts[selecting.turn]);
      const speaker = text.turns[selecting.turn][0];
      if (speaker !== null) layout.announce(`Turn ${selecting.turn + 1}, ${text.speakers[speaker]?.name ?? ''}`);
    },
    speaker: () => reader.speakers.open(reader.view.current),
    nextUnsure: () => reader.speakers.nextUnsure(),
    coding: stepCoding,
    uncoded(by) {
      const turn = reader.view.uncoded(by);
      if (turn < 0) return layout.notice('Every turn shown carries a code.');
      window.getSelection()?.removeAllRanges();
      reader.view.pick('', false);
      selecting.goTo(turn);
      reader.view.setCurrent(turn);
      reader.view.reveal(text.starts[turn]);
      layout.announce(`Turn ${turn + 1} of ${text.rows.length}, not coded`);
    },
    search: () => reader.search.open(),
    match: (by) => reader.search.step(by),
    viewing: () => reader.viewing.toggle(),
    memos: () => void reader.memos.list(),
    writeMemo: () => reader.memos.write(),
    otherEnd() {
      if (!selecting.swap()) return layout.notice('Nothing is selected.', 'Press s for a sentence, t for a turn.');
      layout.announce(selecting.focus === selecting.excerpt?.start ? 'The beginning moves now' : 'The end moves now');
      revealFocus();
    },
    reshape() {
      const coding = work.codings.get(reader.reshaping);
      const excerpt = selecting.excerpt;
      if (!coding || !excerpt) return layout.notice('Nothing to give these words to.', 'Select a coding, then Shift and arrows, then a.');
      reshape(coding.id, excerpt);
      selecting.clear();
      reader.view.pick(coding.id, true);
    },
    filter() {
      if (!layout.panelOpen) layout.setPanel(true);
      reader.panel.filter.focus();
      reader.panel.filter.select();
    },
    panel: () => layout.setPanel(!layout.panelOpen),
    sentence() {
      selecting.sentence();
      revealFocus();
    },
    wholeTurn(open) {
      if (open && reader.editing.enter() !== false) return;
      selecting.wholeTurn();
      revealFocus();
    },
    stepSentence(by) {
      selecting.stepSentence(by);
      revealFocus();
    },
    extend([unit, by]) {
      const coding = work.codings.get(reader.selected);
      if (!selecting.excerpt && coding) {
        reader.reshaping = mine()?.id ?? '';
        selecting.anchor = coding.start;
        selecting.focus = coding.end;
      }
      selecting.extend(unit, by);
      revealFocus();
    },
    escape() {
      if (reader.palette.open) return reader.palette.close();
      if (document.activeElement === reader.panel.filter) {
        reader.panel.filter.value = '';
        reader.panel.narrow();
      } else if (selecting.excerpt) selecting.clear();
      else if (reader.selected) reader.view.pick('', false);
      else if (reader.backlight.on) reader.viewing.clear();
      else reader.inspector.rest();
      reader.highlights.mark('jump', null);
      window.getSelection()?.removeAllRanges();
      layout.focusText();
    },
    palette() {
      if (!data.can_code) return layout.notice('This transcript is open for reading only.', data.why_not);
      if (!target()) {
        selecting.sentence();
        revealFocus();
      }
      const excerpt = target();
      if (!excerpt) return;
      reader.view.reveal(excerpt.end - 1);
      reader.palette.show({ prompt: 'Code these words as…', near: rectOf(excerpt), several: true, choose: apply });
    },
    pin() {
      const row = document.activeElement?.closest('[data-code]');
      const id = row instanceof HTMLElement ? row.dataset.code : work.codings.get(reader.selected)?.code ?? reader.panel.chosen;
      if (!reader.atHand.able || !id || !codes.get(id)) return layout.notice('No code is chosen to pin.', 'Go to one with f and the arrows, then press *.');
      layout.announce(reader.atHand.pin(id) ? `${codes.name(id)} pinned` : `${codes.name(id)} not pinned any more`);
    },
    recent: (digit) => apply(reader.recent.ids[digit - 1] ?? ''),
    again: () => apply(reader.recent.last),
    undo: () => void work.undo().then((doing) => {
      layout.notice(doing ? `Undone: ${doing.label}.` : 'Nothing to undo.');
      const id = doing?.steps[0]?.coding_id ?? '';
      if (doing) reader.view.pick(work.codings.get(id) ? id : '', true);
    }),
    redo: () => void work.redo().then((doing) => {
      layout.notice(doing ? `Done again: ${doing.label}.` : 'Nothing to do again.');
      const id = doing?.steps[0]?.coding_id ?? '';
      if (doing) reader.view.pick(work.codings.get(id) ? id : '', true);
    }),
    rate(by) {
      const coding = mine();
      if (coding) rate(coding.id, stepValence(coding.valence, by));
    },
    valence(value) {
      const coding = mine();
      if (coding) rate(coding.id, value);
    },
    memo() {
      if (!mine()) return reader.memos.write();
      if (!layout.panelOpen) layout.setPanel(true);
      reader.inspector.focusMemo();
    },
    recode() {
      const coding = mine();
      if (coding) recode(coding.id);
    },
    remove() {
      const coding = mine();
      if (coding) remove(coding.id);
    },
    playPause: () => reader.editing.playOrPause(),
    edit: () => reader.editing.toggle(),
    doubt: (by) => void reader.editing.doubting.step(by),
    replaceWords: () => reader.editing.findAndReplace(),
    saveEdits: () => void reader.editing.saving.save(),
    playExcerpt: () => hear(target()),
    skip: (by) => reader.player?.skip(by),
    speed: (by) => reader.player?.stepSpeed(by),
    help: () => (reader.help.open ? reader.help.close() : reader.help.showModal()),
  };

  return {
    /** @param {string} act @param {any} [arg] @returns {boolean | void} */
    run(act, arg) {
      if ((marks += 1) > MOST_MARKS) {
        marks = 0;
        for (const name of ['parihs:key', 'parihs:painted', 'parihs:saved']) performance.clearMarks(name);
      }
      performance.mark('parihs:key');
      return table[act]?.(arg);
    },

    /** A click on a code: applies it to selected words, otherwise shows its rules. @param {string} id */
    pickCode(id) {
      reader.panel.choose(id);
      if (selecting.excerpt && data.can_code) apply(id);
      else {
        reader.view.pick('', false);
        reader.inspector.rules(id);
      }
    },

    reshape,

    forInspector: {
      rate,
      memo: (/** @type {string} */ id, /** @type {string} */ memo) => change(id, { memo }, 'the memo'),
      recode,
      remove,
      play: (/** @type {string} */ id) => hear(work.codings.get(id) ?? null),
      step: stepCoding,
      history: (/** @type {string} */ id) => reader.api.history(id),
      leave: () => layout.focusText(),
    },
  };
}

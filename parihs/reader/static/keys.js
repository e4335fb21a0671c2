/**
 * Every key of the reader in one list: the same list answers keys and fills the cheat sheet.
 * Keys are taken before the page sees them, so that the app's own hot keys stay silent.
 */

/**
 * @typedef {object} Binding
 * @property {string[]} keys as in `chord()`
 * @property {string} shown on the cheat sheet, empty to leave it out
 * @property {string} help
 * @property {string} group
 * @property {string} act name of the action
 * @property {any} [arg]
 * @property {boolean} [everywhere] also while typing in a field
 */

/** @type {Binding[]} */
export const BINDINGS = [
  { group: 'Move', keys: ['j', 'ArrowDown'], shown: 'j  ↓', help: 'Next turn', act: 'turn', arg: 1 },
  { group: 'Move', keys: ['k', 'ArrowUp'], shown: 'k  ↑', help: 'Previous turn', act: 'turn', arg: -1 },
  { group: 'Move', keys: [';', ']'], shown: ';  ]', help: 'Next coding', act: 'coding', arg: 1 },
  { group: 'Move', keys: [',', '['], shown: ',  [', help: 'Previous coding', act: 'coding', arg: -1 },
  { group: 'Move', keys: ['g'], shown: 'g  G', help: 'Next, previous turn without a code', act: 'uncoded', arg: 1 },
  { group: 'Move', keys: ['G'], shown: '', help: '', act: 'uncoded', arg: -1 },
  { group: 'Move', keys: ['/'], shown: '/', help: 'Search in this transcript', act: 'search' },
  { group: 'Move', keys: ['n'], shown: 'n  N', help: 'Next, previous match: it is selected', act: 'match', arg: 1 },
  { group: 'Move', keys: ['N'], shown: '', help: '', act: 'match', arg: -1 },
  { group: 'Move', keys: ['f'], shown: 'f', help: 'Find a code in the codebook', act: 'filter' },
  { group: 'Move', keys: ['b'], shown: 'b', help: 'Show or hide the codebook', act: 'panel' },
  { group: 'Move', keys: ['v'], shown: 'v', help: 'How the text is shown: size, backlight, speakers', act: 'viewing' },
  { group: 'Move', keys: ['w'], shown: 'w', help: 'Say who speaks in this turn', act: 'speaker' },
  { group: 'Move', keys: ['W'], shown: 'W', help: 'Next turn where that is not sure', act: 'nextUnsure' },

  { group: 'Select', keys: ['s'], shown: 's', help: 'Sentence; again: one more', act: 'sentence' },
  { group: 'Select', keys: ['t'], shown: 'Enter  t', help: 'Turn; again: one more', act: 'wholeTurn' },
  { group: 'Select', keys: ['Enter'], shown: '', help: '', act: 'wholeTurn', arg: true },
  { group: 'Select', keys: ['ArrowRight'], shown: '←  →', help: 'Sentence before, after', act: 'stepSentence', arg: 1 },
  { group: 'Select', keys: ['ArrowLeft'], shown: '', help: '', act: 'stepSentence', arg: -1 },
  { group: 'Select', keys: ['Shift+ArrowRight'], shown: 'Shift ←  →', help: 'Word less, word more', act: 'extend', arg: ['word', 1] },
  { group: 'Select', keys: ['Shift+ArrowLeft'], shown: '', help: '', act: 'extend', arg: ['word', -1] },
  { group: 'Select', keys: ['Ctrl+Shift+ArrowRight', 'Alt+Shift+ArrowRight'], shown: 'Ctrl Shift ←  →', help: 'Sentence less, more', act: 'extend', arg: ['sentence', 1] },
  { group: 'Select', keys: ['Ctrl+Shift+ArrowLeft', 'Alt+Shift+ArrowLeft'], shown: '', help: '', act: 'extend', arg: ['sentence', -1] },
  { group: 'Select', keys: ['Shift+ArrowDown'], shown: 'Shift ↑  ↓', help: 'Turn less, turn more', act: 'extend', arg: ['turn', 1] },
  { group: 'Select', keys: ['Shift+ArrowUp'], shown: '', help: '', act: 'extend', arg: ['turn', -1] },
  { group: 'Select', keys: ['Escape'], shown: 'Esc', help: 'Let go', act: 'escape' },
  { group: 'Select', keys: ['o'], shown: 'o', help: 'Move the other end from now on', act: 'otherEnd' },

  { group: 'Code', keys: ['c'], shown: 'c', help: 'Choose a code for the selection', act: 'palette' },
  { group: 'Code', keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], shown: '1 … 9', help: 'Apply a recent code', act: 'recent' },
  { group: 'Code', keys: ['.'], shown: '.', help: 'Apply the last code again', act: 'again' },
  { group: 'Code', keys: ['Ctrl+z'], shown: 'Ctrl Z', help: 'Undo', act: 'undo' },
  { group: 'Code', keys: ['Ctrl+Shift+z', 'Ctrl+y'], shown: 'Ctrl Shift Z', help: 'Redo', act: 'redo' },

  { group: 'In the codebook', keys: [], shown: '↑  ↓', help: 'From code to code (f, then ↓)', act: '' },
  { group: 'In the codebook', keys: [], shown: '←  →', help: 'Fold, open a branch', act: '' },
  { group: 'In the codebook', keys: [], shown: 'Enter', help: 'Apply it, or read its rules', act: '' },
  { group: 'In the codebook', keys: ['*'], shown: '*', help: 'Pin the code, or let it go', act: 'pin' },
  { group: 'In the codebook', keys: [], shown: 'Alt P', help: 'Pin, while choosing a code', act: '' },
  { group: 'In the codebook', keys: [], shown: 'Shift Enter', help: 'Backlight: dim all other codes', act: '' },

  { group: 'Selected coding', keys: ['+', '='], shown: '+  −', help: 'More enabling, more constraining', act: 'rate', arg: 1 },
  { group: 'Selected coding', keys: ['-', '_'], shown: '', help: '', act: 'rate', arg: -1 },
  { group: 'Selected coding', keys: ['0'], shown: '0', help: 'Neutral', act: 'valence', arg: '0' },
  { group: 'Selected coding', keys: ['x'], shown: 'x', help: 'Mixed', act: 'valence', arg: 'mixed' },
  { group: 'Selected coding', keys: ['z'], shown: 'z', help: 'Not rated', act: 'valence', arg: 'unrated' },
  { group: 'Selected coding', keys: ['m'], shown: 'm', help: 'Note on it; Esc or Ctrl Enter leaves it', act: 'memo' },
  { group: 'Selected coding', keys: ['r'], shown: 'r', help: 'Change its code', act: 'recode' },
  { group: 'Selected coding', keys: ['a'], shown: 'a', help: 'After Shift and arrows: give it these words', act: 'reshape' },
  { group: 'Selected coding', keys: ['u', 'Delete', 'Backspace'], shown: 'u  Del', help: 'Remove it', act: 'remove' },

  { group: 'Memos', keys: ['M'], shown: 'M', help: 'Write a memo on the words or the coding', act: 'writeMemo' },
  { group: 'Memos', keys: ['i'], shown: 'i', help: 'Memos of this transcript', act: 'memos' },

  { group: 'Correct', keys: ['e'], shown: 'e', help: 'Correct this turn; again: stop correcting', act: 'edit' },
  { group: 'Correct', keys: [], shown: 'Enter', help: 'While correcting: open the turn', act: '' },
  { group: 'Correct', keys: [], shown: 'Ctrl Enter', help: 'Done, open the next turn', act: '' },
  { group: 'Correct', keys: ['Ctrl+s'], shown: 'Ctrl S', help: 'Save corrections as a new version', act: 'saveEdits', everywhere: true },
  { group: 'Correct', keys: ['Ctrl+h'], shown: 'Ctrl H', help: 'Find and replace', act: 'replaceWords' },
  { group: 'Correct', keys: ['d'], shown: 'd  D', help: 'Next, previous doubtful word', act: 'doubt', arg: 1 },
  { group: 'Correct', keys: ['D'], shown: '', help: '', act: 'doubt', arg: -1 },
  { group: 'Correct', keys: [], shown: 'Ctrl ,  Ctrl .', help: 'Slower, faster while typing', act: '' },
  { group: 'Correct', keys: [], shown: 'Alt ←  Alt →', help: 'Two seconds back, on while typing', act: '' },

  { group: 'Listen', keys: ['`'], shown: '`', help: 'Play or pause', act: 'playPause' },
  { group: 'Listen', keys: ['Ctrl+ '], shown: 'Ctrl Space', help: 'Play or pause, also while typing', act: 'playPause', everywhere: true },
  { group: 'Listen', keys: ['p'], shown: 'p', help: 'Hear the coding or selection', act: 'playExcerpt' },
  { group: 'Listen', keys: ['h'], shown: 'h  l', help: 'Five seconds back, on', act: 'skip', arg: -5000 },
  { group: 'Listen', keys: ['l'], shown: '', help: '', act: 'skip', arg: 5000 },
  { group: 'Listen', keys: ['<'], shown: '<  >', help: 'Slower, faster', act: 'speed', arg: -1 },
  { group: 'Listen', keys: ['>'], shown: '', help: '', act: 'speed', arg: 1 },

  { group: 'Help', keys: ['?'], shown: '?', help: 'This list', act: 'help' },
];

const NAMED_SHIFT = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Enter', 'Delete', 'Backspace', 'Escape']);
const TREE_KEYS = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Enter', ' ', 'Home', 'End']);

/**
 * The name of a key press. Shift counts only where it does not already make another character.
 * @param {{key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, shiftKey: boolean}} event
 * @returns {string}
 */
export function chord({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  // AltGr, which makes characters such as [ on many keyboards, reports itself as Ctrl and Alt.
  const control = metaKey || (ctrlKey && !(altKey && key.length === 1));
  const letter = key.length === 1 ? (control || !shiftKey ? key.toLowerCase() : key) : key;
  const shift = shiftKey && (NAMED_SHIFT.has(key) || (control && /[a-z]/.test(letter)));
  return `${control ? 'Ctrl+' : ''}${altKey && key.length > 1 ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${letter}`;
}

/** @type {Map<string, Binding>} */
const BY_CHORD = new Map(BINDINGS.flatMap((binding) => binding.keys.map((key) => [key, binding])));

/** @param {EventTarget | null} target @returns {boolean} */
function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'range', 'button'].includes(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/**
 * Listen for the reader's keys.
 * @param {HTMLElement} root
 * @param {(act: string, arg: any, event: KeyboardEvent) => boolean | void} run false: not for us
 * @returns {() => void} stops listening
 */
export function listenForKeys(root, run) {
  /** @param {KeyboardEvent} event */
  const down = (event) => {
    const target = event.target;
    const inside = target instanceof Node && root.contains(target);
    // A click on blank page leaves the focus on whatever holds the reader, or on nothing.
    const nowhere = target instanceof Node && target.contains(root);
    if ((!inside && !nowhere) || event.isComposing || event.defaultPrevented) return;
    const binding = BY_CHORD.get(chord(event));
    if (isTyping(target)) {
      if (binding?.everywhere) answer(event, binding);
      else if (event.key === 'Escape' && target instanceof HTMLInputElement && target.type === 'search') {
        answer(event, /** @type {Binding} */ (binding));
      }
      return;
    }
    if (target instanceof Element && inside) {
      if (target.closest('[data-own-keys]') && TREE_KEYS.has(event.key)) return;
      if (target.closest('dialog, [role=dialog]')) {
        // The dialog closes itself on Escape; no other key may reach the text behind it.
        if (binding?.act === 'help') answer(event, binding);
        else if (event.key.length === 1) event.stopPropagation();
        return;
      }
      const presses = event.key === 'Enter' || event.key === ' ';
      if (presses && !event.ctrlKey && target.closest('button, summary, input, a')) return;
      if (event.key.startsWith('Arrow') && target instanceof HTMLInputElement) return;
    }
    if (binding) answer(event, binding);
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) event.stopPropagation();
  };
  /** @param {KeyboardEvent} event @param {Binding} binding */
  const answer = (event, binding) => {
    const arg = binding.act === 'recent' ? Number(event.key) : binding.arg;
    if (run(binding.act, arg, event) === false) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener('keydown', down, true);
  return () => window.removeEventListener('keydown', down, true);
}

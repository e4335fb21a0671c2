/** The browser's storage for tests; `full` makes it refuse to write. */
export class MemoryStore {
  items = new Map();
  full = false;

  get length() {
    return this.items.size;
  }

  key(at) {
    return [...this.items.keys()][at] ?? null;
  }

  getItem(key) {
    return this.items.get(key) ?? null;
  }

  setItem(key, value) {
    if (this.full) throw new Error('QuotaExceededError');
    this.items.set(key, value);
  }

  removeItem(key) {
    this.items.delete(key);
  }
}

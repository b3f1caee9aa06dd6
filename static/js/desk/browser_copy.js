/* Texts that this browser keeps for itself, each under its person and record (composer.js). No
   hooks. */

export const PREFIX = "huiyin.draft.";
const KEPT_FOR = 7 * 24 * 3600 * 1000;

export const store = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      /* Full or forbidden: then the page itself is the only copy. */
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      /* Nothing was stored either. */
    }
  },
};

export function forgetOld(all = false) {
  let keys = [];
  try {
    keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return;
  }
  keys.forEach((key) => {
    if (all || Date.now() - (store.read(key)?.at ?? 0) > KEPT_FOR) store.remove(key);
  });
}

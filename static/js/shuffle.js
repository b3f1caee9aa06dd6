/* Orders that follow from a seed: the twin of surveys/logic/shuffling.py. */

const ADD = 0x6d2b79f5;

/* A number from 0 to 2^32 - 1 at each call. */
function mulberry(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + ADD) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/* FNV-1a over the bytes of UTF-8, begun with the seed. */
function mix(seed, key) {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (const byte of new TextEncoder().encode(key)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/* `items` in the order of `seed` and `key`; those that `isFixed` keep their place. */
export function shuffled(items, seed, key, isFixed = () => false) {
  const next = mulberry(mix(seed, key));
  const free = items.filter((item) => !isFixed(item));
  for (let last = free.length - 1; last > 0; last -= 1) {
    const at = Math.floor((next() * (last + 1)) / 2 ** 32);
    [free[last], free[at]] = [free[at], free[last]];
  }
  let taken = 0;
  return items.map((item) => (isFixed(item) ? item : free[taken++]));
}

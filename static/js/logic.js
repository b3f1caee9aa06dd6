/* What an expression of a survey comes to: the twin of surveys/logic/evaluation.py, whose words
   and rules these are (docs/surveys.md). Trees are data: nothing of them is ever executed.

   evaluate(tree, values)      the value; values holds what was answered by code
   said(value, choices, mark)  an answer in words
   fill(pieces, words)         wording with {code|fallback} put together */

const PLACES = 20;
const QUOTIENT = 60;

const isNumber = (value) => typeof value === "number";
const isText = (value) => typeof value === "string";
const isList = Array.isArray;
const isObject = (value) => value !== null && typeof value === "object" && !isList(value);
const has = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

// Sums as on paper.

const number = (value) => (Number.isFinite(value) ? value + 0 : null);
const power = (exponent) => 10n ** BigInt(exponent);
const size = (value) => (value < 0n ? -value : value);
const made = (mantissa, exponent) => number(Number(`${mantissa}e${exponent}`));

/* [m, e] with value = m · 10^e, by the shortest decimal that means it. */
function parts(value) {
  const [digits, exponent = 0] = String(value).split("e");
  const [whole, rest = ""] = digits.split(".");
  return [BigInt(whole + rest), exponent - rest.length];
}

function alike(one, other) {
  const [[m1, e1], [m2, e2]] = [parts(one), parts(other)];
  const low = Math.min(e1, e2);
  return [m1 * power(e1 - low), m2 * power(e2 - low), low];
}

const over = (work) => (one, other) => {
  const [m1, m2, exponent] = alike(one, other);
  const result = work(m1, m2);
  return result === null ? null : made(result, exponent);
};
const add = over((m1, m2) => m1 + m2);
const subtract = over((m1, m2) => m1 - m2);
const remainder = over((m1, m2) => (m2 ? m1 % m2 : null));

function multiply(one, other) {
  const [[m1, e1], [m2, e2]] = [parts(one), parts(other)];
  return made(m1 * m2, e1 + e2);
}

function divide(one, other) {
  const [[m1, e1], [m2, e2]] = [parts(one), parts(other)];
  if (!m2) return null;
  const [top, below] = [size(m1) * power(QUOTIENT), size(m2)];
  const quotient = (top / below) * 10n + (top % below ? 1n : 0n);
  return made(m1 < 0n === m2 < 0n ? quotient : -quotient, e1 - e2 - QUOTIENT - 1);
}

function round(value, places = 0) {
  if (!isNumber(value) || !Number.isInteger(places) || Math.abs(places) > PLACES) return null;
  const [mantissa, exponent] = parts(value);
  const drop = -places - exponent;
  if (drop <= 0) return value;
  const unit = power(drop);
  const rest = size(mantissa % unit);
  const step = 2n * rest >= unit ? (mantissa < 0n ? -1n : 1n) : 0n;
  return made(mantissa / unit + step, -places);
}

// Comparing.

const isDate = (value) => isText(value) && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value);
const listed = (value) => (value === null ? [] : isList(value) ? value : [value]);
const isIn = (items, wanted) => items.some((item) => same(item, wanted));

function isEmpty(value) {
  if (isObject(value)) return !Object.keys(value).length;
  return value === null || value.length === 0;
}

function same(one, other) {
  if (isList(one) && isList(other)) {
    const left = [...other];
    return (
      one.length === left.length &&
      one.every((item) => {
        const at = left.findIndex((wanted) => same(wanted, item));
        if (at >= 0) left.splice(at, 1);
        return at >= 0;
      })
    );
  }
  if (isObject(one) && isObject(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => has(other, key) && same(one[key], other[key]))
    );
  }
  return one === other;
}

const ordered = (test) => (one, other) =>
  ((isNumber(one) && isNumber(other)) || (isDate(one) && isDate(other))) && test(one, other);

function contains(whole, part) {
  if (isEmpty(whole) || isEmpty(part)) return false;
  if (isList(whole)) return listed(part).every((item) => isIn(whole, item));
  return isText(whole) && isText(part) && whole.includes(part);
}

const anyOf = (chosen, wanted) => listed(chosen).some((item) => isIn(listed(wanted), item));

function allOf(chosen, wanted) {
  if (isEmpty(chosen) || isEmpty(wanted)) return false;
  return listed(wanted).every((item) => isIn(listed(chosen), item));
}

// Calculating.

const folded = (step) => (...operands) =>
  operands.reduce((one, other) => (isNumber(one) && isNumber(other) ? step(one, other) : null));

const plus = (...operands) =>
  operands.reduce((one, other) => (isText(one) && isText(other) ? one + other : sum(one, other)));
const sum = folded(add);

const flat = (values) => values.flat(Infinity).filter((value) => !isEmpty(value));

const ofNumbers = (work) => (...operands) => {
  const numbers = flat(operands);
  return numbers.every(isNumber) ? work(numbers) : null;
};

function average(numbers) {
  const total = sum(0, ...numbers);
  return total === null ? null : divide(total, numbers.length);
}

const extreme = (choose) => ofNumbers((numbers) => (numbers.length ? choose(...numbers) : null));

const OPERATORS = {
  and: (...operands) => operands.every((operand) => operand === true),
  or: (...operands) => operands.some((operand) => operand === true),
  not: (operand) => operand !== true,
  "=": same,
  "!=": (one, other) => !same(one, other),
  "<": ordered((one, other) => one < other),
  "<=": ordered((one, other) => one <= other),
  ">": ordered((one, other) => one > other),
  ">=": ordered((one, other) => one >= other),
  contains,
  notcontains: (whole, part) => !contains(whole, part),
  anyof: anyOf,
  allof: allOf,
  noneof: (chosen, wanted) => !anyOf(chosen, wanted),
  empty: isEmpty,
  notempty: (value) => !isEmpty(value),
  "+": plus,
  "-": folded(subtract),
  "*": folded(multiply),
  "/": folded(divide),
  "%": folded(remainder),
  neg: (value) => (isNumber(value) ? number(-value) : null),
  list: (...items) => items,
};

const FUNCTIONS = {
  iif: (condition, one, other) => (condition === true ? one : other),
  sum: ofNumbers((numbers) => sum(0, ...numbers)),
  min: extreme(Math.min),
  max: extreme(Math.max),
  avg: ofNumbers(average),
  count: (...operands) => flat(operands).length,
  round,
  length: (value) => (isText(value) ? [...value].length : isList(value) ? value.length : null),
};

// Answers.

function plain(value) {
  if (value === undefined) return null;
  return isNumber(value) ? number(value) : value;
}

function lookUp(name, values) {
  for (const code of [name, name.replaceAll(".", "_")]) {
    if (has(values, code)) return plain(values[code]);
  }
  const [first, ...steps] = name.match(/[^.[\]]+/g) ?? [name];
  let value = steps.length && has(values, first) ? values[first] : null;
  for (const step of steps) {
    const key = isList(value) && /^[0-9]+$/.test(step) ? Number(step) : step;
    const isOpen = isList(value) ? key !== step : isObject(value);
    value = isOpen && has(value, key) ? value[key] : null;
  }
  return plain(value);
}

export function evaluate(tree, values) {
  if (!isList(tree)) return tree;
  const [head, ...rest] = tree;
  if (head === "var") return lookUp(rest[0], values);
  const work = head === "call" ? FUNCTIONS[rest.shift()] : OPERATORS[head];
  return work(...rest.map((operand) => evaluate(operand, values)));
}

// Wording.

/* An answer in words: `choices` has the labels by code, `mark` stands between several. */
export function said(value, choices, mark) {
  return listed(plain(value))
    .map((item) => (has(choices, item) ? choices[item] : String(item)))
    .join(mark);
}

/* `pieces` are texts and [code, fallback]; `words` has what was answered, in words. */
export function fill(pieces, words) {
  return pieces
    .map((piece) => (isText(piece) ? piece : (has(words, piece[0]) && words[piece[0]]) || piece[1]))
    .join("");
}

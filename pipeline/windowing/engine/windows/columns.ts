/** Numbers that many groups keep, so many to a group: no group needs an object for them. */

const FIRST_CAPACITY = 64;
/** So many times what is needed is given back rather than used again. */
const SPARE_MAX = 16;

export function newNumbers(): Float64Array {
  return new Float64Array(FIRST_CAPACITY);
}

/** An array of at least that length, with the same numbers. */
export function longerNumbers(numbers: Float64Array, length: number): Float64Array {
  const longer = new Float64Array(Math.max(length, numbers.length * 2));
  longer.set(numbers);
  return longer;
}

/** The array to use for the next groups when `used` places of it were needed. */
export function spareNumbers(numbers: Float64Array, used: number): Float64Array {
  return numbers.length > FIRST_CAPACITY && used * SPARE_MAX < numbers.length ? newNumbers() : numbers;
}

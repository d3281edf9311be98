/** With all that is hard about text files in their titles. */
export const questions = Array.from({ length: 100 }, (_, n) => ({
  id: n,
  title: n % 2 === 0 ? `Sort a list\nin "python", ${n}` : `javascript or ${n} 😀?`,
  body: "<p>é</p>",
}));

/** What the tests' model suggests for the question of that id. */
export const tagOf = (id: number) => (id % 2 === 0 ? "python" : "javascript");

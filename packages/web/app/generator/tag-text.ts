/** Stack Overflow's ask form takes tags with spaces between them. */
export const forAskForm = (tags: readonly string[]): string => tags.join(" ");

/** Its search, and its posts when they speak of tags, take each in brackets. */
export const inBrackets = (tags: readonly string[]): string => tags.map((tag) => `[${tag}]`).join(" ");

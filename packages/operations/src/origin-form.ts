/** The address as servers know it: proxies may name the whole of it, `http://host/path`, which every server has to take (RFC 9112, 3.2.2). */
export const inOriginForm = (url = "/"): string =>
  url.startsWith("/") ? url : url.replace(/^https?:\/\/[^/?]*\/?/i, "/");

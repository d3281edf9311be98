import { describe, expect, it } from "vitest";
import { plainText } from "./plain-text.ts";

describe("the plain text of a body", () => {
  it.each([
    ["leaves plain text as it is", "Naïve café,\n\tC++ & c# ☕", "Naïve café,\n\tC++ & c# ☕"],
    [
      "takes tags out and keeps code",
      '<p>I call <code>f(x)</code> <a href="http://x.org">here</a>:</p>\n',
      "I call f(x) here:\n",
    ],
    [
      "keeps the words of two blocks apart, and those of one together",
      "<p>In Py<b>thon</b></p><pre>x</pre><p>one<br>two</p>",
      "In Python\n\nx\n\none\ntwo",
    ],
    ["decodes references", "a &lt; b &amp;&amp; b &gt; c &#8364; &#x2615; &quot;q&quot;", 'a < b && b > c € ☕ "q"'],
    ["decodes a reference once", "&amp;lt;", "&lt;"],
    [
      "keeps what only looks like a tag",
      "List<String> x; if (a < b && c > d) <T>",
      "List<String> x; if (a < b && c > d) <T>",
    ],
    [
      "keeps what only looks like a reference",
      "AT&T; &unknown; &#99999999; &#x110000;",
      "AT&T; &unknown; &#99999999; &#x110000;",
    ],
  ])("%s", (_, body, text) => {
    expect(plainText(body)).toBe(text);
  });
});

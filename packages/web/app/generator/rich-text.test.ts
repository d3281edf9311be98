import { describe, expect, it } from "vitest";
import { hasMarkup, readHtml } from "./rich-text.ts";
import { writeHtml } from "./write-html.ts";

const cleaned = (html: string) => writeHtml(readHtml(html));

describe("markup from elsewhere", () => {
  it.each([
    ["a script", '<p>a</p><script>alert("1")</script>', "<p>a</p>"],
    ["a handler, a style, a class", '<p class="x" style="color:red" onclick="f()">a</p>', "<p>a</p>"],
    ["an image", '<p>a<img src="x" onerror="f()"></p>', "<p>a</p>"],
    ["a frame with what is in it", "<p>a</p><iframe><p>b</p></iframe>", "<p>a</p>"],
    ["a link to a script", '<a href="javascript:f()">a</a>', "a"],
    ["the head of a page", "<html><head><title>b</title></head><body><p>a</p></body></html>", "<p>a</p>"],
    [
      "the box that Google Docs copies in",
      '<b style="font-weight:normal;" id="docs-internal-guid-1"><p>a</p></b>',
      "<p>a</p>",
    ],
    ["an empty line of Word's", "<p>a</p><p><o:p>&nbsp;</o:p></p><p>b</p>", "<p>a</p>\n<p>b</p>"],
    ["a comment", "<!--StartFragment--><p>a</p><!--EndFragment-->", "<p>a</p>"],
  ])("%s leaves no trace", (_name, html, expected) => {
    expect(cleaned(html)).toBe(expected);
  });

  it("may nest deeper than a stack is, and keeps its text", () => {
    expect(cleaned(`${"<b>".repeat(50_000)}a<i>b</i>`)).toMatch(/^(<strong>)+ab(<\/strong>)+$/);
  });

  it("keeps its code to the letter, colours without", () => {
    const html = '<pre class="py"><code><span style="color:red">for</span> x in y:\n    print(x &lt; 3)\n</code></pre>';
    expect(cleaned(html)).toBe("<pre><code>for x in y:\n    print(x &lt; 3)\n</code></pre>");
  });

  it("keeps links to other sites: the model reads their hosts", () => {
    expect(cleaned('<a href="https://pandas.pydata.org/?a=1&amp;b=2" rel="nofollow">docs</a>')).toBe(
      '<a href="https://pandas.pydata.org/?a=1&amp;b=2">docs</a>',
    );
  });

  it("puts each block on a line of its own", () => {
    expect(cleaned("<div><p>one</p>\n<p>two</p><ul><li>three</li></ul></div>")).toBe(
      "<p>one</p>\n<p>two</p>\n<ul><li>three</li></ul>",
    );
  });

  it("that is an editor's becomes code, a line a line", () => {
    const html =
      '<div style="font-family: Menlo, monospace; white-space: pre;"><div><span>if (a) {</span></div><div>  b();</div><br><div>}</div></div>';
    expect(cleaned(html)).toBe("<pre>if (a) {\n  b();\n\n}</pre>");
  });
});

it("a plain text is no markup", () => {
  expect(hasMarkup(readHtml("a &lt; b"))).toBe(false);
  expect(hasMarkup(readHtml('<span style="color:red">a</span>'))).toBe(false);
  expect(hasMarkup(readHtml("<p>a</p>"))).toBe(true);
});

it("what was written is read the same again", () => {
  const html = "<p>a <strong>b</strong> &amp; <code>c</code></p>\n<pre><code>d\n  e</code></pre>";
  expect(cleaned(html)).toBe(html);
});

import { type Question } from "@tagsmith/features/question";

/** Written for this project: what a served model must answer as it did when it was trained. */
export const goldenQuestions: readonly Question[] = [
  { title: "How do I merge two data frames on several columns in pandas?", body: "" },
  { title: "C# async method never returns when I block on its Result in ASP.NET", body: "" },
  {
    title: "Why does my component render twice after a click?",
    body: '<p>In <b>React</b> 18 the effect below runs two times:</p>\n<pre><code>useEffect(() =&gt; {\n  console.log("mounted");\n}, []);\n</code></pre>\n<p>I start it with <code>npm run dev</code>.</p>',
  },
  {
    title: "Segmentation fault when I free a linked list",
    body: "<pre><code>struct node *next;\nwhile (head) { free(head); head = head-&gt;next; }\n</code></pre>",
  },
  {
    title: "NullPointerException in onCreate",
    body: '<p>I followed <a href="https://developer.android.com/guide">the guide</a>, yet <code>findViewById(R.id.list)</code> gives null.</p>',
  },
  {
    title: "SQL: select the newest row of each group [duplicate]",
    body: "My table has `id`, `name` and `created_at`; MySQL 5.7.",
  },
  { title: "Как отсортировать массив строк — “naïve” сортировка в Ｐython ３？", body: "" },
  { title: "zzzz qqqq", body: "" },
];

import type { Question } from "./question.ts";

/** Written for this page, in the way people ask: the last one on purpose too vague to be tagged. */
export const examples: readonly Question[] = [
  {
    title: "Fill missing values with the median of each group in pandas",
    body: `<p>My DataFrame has a price column with gaps, and I want to fill each gap with the median price of its category:</p>
<pre><code>import pandas as pd

df = pd.DataFrame({
    "category": ["tea", "tea", "coffee", "coffee"],
    "price": [4.0, None, 7.5, None],
})
df["price"] = df.groupby("category")["price"].median()
</code></pre>
<p>This leaves every row as <code>NaN</code>. What is the idiomatic way to keep the original index?</p>`,
  },
  {
    title: "Click handlers created in a for loop all log the last index",
    body: `<p>Every button should log its own position, but all of them log 3:</p>
<pre><code>var buttons = document.querySelectorAll("button");
for (var i = 0; i &lt; buttons.length; i++) {
  buttons[i].addEventListener("click", function () {
    console.log(i);
  });
}
</code></pre>
<p>Why does the function not keep the value that <code>i</code> had when I created it?</p>`,
  },
  {
    title: "How can I left join two lists with LINQ in C#?",
    body: `<p>I would like to keep every customer, also those without an order:</p>
<pre><code>var rows = from c in customers
           join o in orders on c.Id equals o.CustomerId
           select new { c.Name, o.Total };
</code></pre>
<p>Customers that never ordered are missing from <code>rows</code>. Is there an outer join in method syntax?</p>`,
  },
  {
    title: "Latest row per customer without a subquery for each row",
    body: `<p>My table <code>orders(customer_id, placed_at, total)</code> has 40 million rows in MySQL 8. This takes minutes:</p>
<pre><code>SELECT * FROM orders o
WHERE placed_at = (SELECT MAX(placed_at) FROM orders WHERE customer_id = o.customer_id);
</code></pre>
<p>Would a window function or another index help?</p>`,
  },
  {
    title: "It worked yesterday and today it does not, what should I do?",
    body: "<p>I did not change anything. Please help, it is urgent.</p>",
  },
];

import type { RouteConfigEntry } from "@remix-run/route-config";
import { expect, it } from "vitest";
import routes from "../app/routes.ts";
import { routeNameOf } from "./route-names.ts";

const pathsOf = ({ path, index, children = [] }: RouteConfigEntry): string[] => [
  ...(index ? ["/"] : path === undefined ? [] : [`/${path}`]),
  ...children.flatMap(pathsOf),
];

it("every route of the pages is known by its own name", () => {
  const paths = routes.flatMap(pathsOf).filter((path) => path !== "/*");
  expect(paths.length).toBeGreaterThan(10);
  for (const path of paths) expect(routeNameOf(path.replace(":name", "recall"))).toBe(path);
});

it("a page's data counts as the page", () => {
  expect(["/_root.data", "/about.data", "/about/"].map(routeNameOf)).toEqual(["/", "/about", "/about"]);
});

it("what anybody may invent has one name", () => {
  expect(["/secret", "/charts/a/b", "/wp-login.php", "/assets"].map(routeNameOf)).toEqual(Array(4).fill("other"));
  expect(routeNameOf("/assets/app-123.js")).toBe("/assets/");
});

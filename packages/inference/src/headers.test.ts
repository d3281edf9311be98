import { describe, expect, it } from "vitest";
import { exchange, withServer } from "../test/with-server.ts";
import { withService } from "../test/with-service.ts";
import { restRoutes } from "./rest-routes.ts";

const documents = [
  "/api/v1/openapi.json",
  "/api/v1/docs",
  "/api/v1/docs/start.js",
  "/api/v1/docs/swagger-ui-bundle.js",
];
const procedures = ["health", "models", "predict", "nothing", "health,models?batch=1"];
const addresses = [
  ...["/", "/livez", "/readyz", "/metrics", "/nothing", "/api/v1/nothing", ...documents],
  ...Object.keys(restRoutes),
  ...procedures.map((procedure) => `/api/trpc/${procedure}`),
];
const methods = ["GET", "POST", "PUT", "DELETE", "OPTIONS"];

const expected = {
  "content-security-policy": /^default-src 'none'.*frame-ancestors 'none'$/,
  "cross-origin-resource-policy": /^same-origin$/,
  "referrer-policy": /^no-referrer$/,
  "strict-transport-security": /^max-age=31536000$/,
  "x-content-type-options": /^nosniff$/,
};

describe("every address, by every method", () => {
  withService(
    "answers with what keeps a browser safe, and tells nothing of what it is made of",
    {},
    async (service) => {
      await service.ready();
      for (const address of addresses) {
        for (const method of methods) {
          const { headers } = await fetch(service.url + address, { method });
          for (const [name, value] of Object.entries(expected)) {
            expect([method, address, name, headers.get(name)]).toEqual([
              method,
              address,
              name,
              expect.stringMatching(value) as string,
            ]);
          }
          expect([address, headers.get("server"), headers.get("x-powered-by")]).toEqual([address, null, null]);
          const isFile = address.includes("swagger-ui") && method === "GET";
          expect([address, headers.get("cache-control")]).toEqual([
            address,
            isFile ? "public, max-age=3600" : "no-store",
          ]);
        }
      }
    },
  );

  withService("lets no other site's page read an answer", {}, async ({ url }) => {
    for (const address of addresses) {
      for (const method of methods) {
        const preflight = { "access-control-request-method": "POST", "access-control-request-headers": "content-type" };
        const asked = { origin: "https://elsewhere.example", ...(method === "OPTIONS" && preflight) };
        const { headers } = await fetch(url + address, { method, headers: asked });
        expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
      }
    }
  });
});

it.each([
  ["is no HTTP at all", "nonsense\r\n\r\n"],
  ["names no host", "GET / HTTP/1.1\r\nconnection: close\r\n\r\n"],
  ["expects what nobody knows", "GET / HTTP/1.1\r\nhost: x\r\nexpect: more\r\nconnection: close\r\n\r\n"],
])("what %s is answered with the same headers", (_what, sent) =>
  withServer(async ({ port }) => {
    const answer = await exchange(port, sent);
    for (const name of Object.keys(expected)) expect(answer).toContain(`\r\n${name}: `);
  }),
);

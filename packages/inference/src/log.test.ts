import { describe, expect, it } from "vitest";
import { eventually } from "../test/eventually.ts";
import { fakeModel } from "../test/fake-model.ts";
import { engine, exchange, withServer } from "../test/with-server.ts";
import { withService, type ServiceUnderTest } from "../test/with-service.ts";
import { restRoutes } from "./rest-routes.ts";

const marker = "zq7marked";

const requestLines = ({ log }: ServiceUnderTest) =>
  log.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ route }) => String(route) !== "/readyz");

describe("a question's text", () => {
  withService("comes to no line of the log, whatever is asked and however it fails", {}, async (service) => {
    await service.ready();
    const question = { title: `${marker} python`, body: `<p>${marker}</p>` };
    const bodies = [
      question,
      { questions: [question, { title: 5, body: marker }] },
      { ...question, tags: [marker] },
      { [marker]: marker },
      `{"title": "${marker}`,
      marker,
      { title: marker.repeat(50_000) },
      { 0: question, 1: { title: marker, body: 7 } },
      [[[[marker]]]],
    ];
    const paths = [
      ...Object.keys(restRoutes),
      ...["predict", "predictBatch", "explain", "model.current", "models", "health", marker],
      "predict,explain?batch=1",
      `predict?input=${marker}`,
    ].map((path) => (path.startsWith("/") ? path : `/api/trpc/${path}`));
    paths.push(`/api/v1/${marker}`, `/${marker}`, `/api/v1/predict?title=${marker}`, "/livez", "/metrics");
    let asked = 0;
    for (const path of paths) {
      for (const body of bodies) {
        const answer = await service.post(path, body);
        await answer.arrayBuffer();
        asked++;
      }
    }
    await eventually(() => requestLines(service).filter(({ message }) => message === "request").length).toBe(asked);
    expect(service.log.filter((line) => line.includes(marker))).toEqual([]);
    expect(await (await service.get("/metrics")).text()).not.toContain(marker);
  });
});

describe("a request's headers", () => {
  withService(
    "can't forge a line: an id that isn't a plain word is replaced, and each line is one of JSON",
    {},
    async (service) => {
      await service.ready();
      const port = Number(new URL(service.url).port);
      const ids = [
        `${marker}"}`,
        `${marker}\u001b[31m`,
        `${marker}\n{"level":"fatal"}`,
        `${marker}é`,
        marker.repeat(20),
        "",
      ];
      for (const id of ids) {
        const head = `GET /api/v1/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-request-id: ${id}\r\ntraceparent: ${id}\r\n\r\n`;
        await exchange(port, head);
      }
      await exchange(
        port,
        `GET /api/v1/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-request-id: its-own\r\n\r\n`,
      );
      await eventually(() => requestLines(service).some(({ request_id }) => request_id === "its-own")).toBe(true);
      for (const { request_id, trace_id } of requestLines(service).filter(({ message }) => message === "request")) {
        expect(trace_id).toMatch(/^[0-9a-f]{32}$/);
        if (request_id !== "its-own") expect(request_id).toBe(trace_id);
      }
      // eslint-disable-next-line no-control-regex -- they are what must not be there
      for (const line of service.log) expect(line).toMatch(/^[^\u0000-\u001f]+\n$/);
      expect(service.log.join("")).not.toContain(marker);
    },
  );
});

describe("an error that nobody foresaw", () => {
  const predict = () => Promise.reject(new Error(`${marker} broke`));

  it.each(["/api/v1/predict", "/api/trpc/predict"])("is logged once with its cause, and told to nobody: %s", (path) =>
    withServer(
      async ({ url, log }) => {
        const headers = { "content-type": "application/json", "x-request-id": "its-own" };
        const answer = await fetch(url + path, { method: "POST", headers, body: '{"title":"python"}' });
        expect(answer.status).toBe(500);
        expect(await answer.text()).not.toContain(marker);
        const errors = log
          .map((line) => JSON.parse(line) as Record<string, unknown>)
          .filter(({ level }) => level === "error");
        expect(errors).toEqual([
          expect.objectContaining({
            message: "unexpected error",
            request_id: "its-own",
            err: expect.objectContaining({ message: `${marker} broke` }) as unknown,
          }),
        ]);
      },
      { model: fakeModel({ ...engine, predict }) },
    ),
  );
});

import { expect, it } from "vitest";
import { serve } from "../../test/serve.ts";
import { ServiceSource } from "./service-source.ts";

const metrics = `
tagsmith_trial_requests_total{role="current",outcome="answered"} 200
tagsmith_trial_requests_total{role="candidate",outcome="answered"} 90
tagsmith_trial_requests_total{role="candidate",outcome="failed"} 10
tagsmith_trial_question_seconds_bucket{le="0.001",role="candidate"} 0
tagsmith_trial_question_seconds_bucket{le="0.002",role="candidate"} 90
tagsmith_trial_question_seconds_bucket{le="+Inf",role="candidate"} 90
tagsmith_trial_confidence_bucket{le="0.5",role="candidate"} 9
tagsmith_trial_confidence_bucket{le="+Inf",role="candidate"} 90
tagsmith_trial_comparisons_total{outcome="compared"} 80
tagsmith_trial_comparisons_total{outcome="dropped"} 5
tagsmith_trial_agreement_total{measure="tags"} 40
tagsmith_trial_agreement_total{measure="first"} 60
tagsmith_trial_agreement_total{measure="overlap"} 50
tagsmith_trial_agreement_total{measure="difference"} 4
`;

it("a trial's figures are what the service has counted since it began", async () => {
  const source = new ServiceSource({ url: await serve((_request, response) => response.end(metrics)) });
  const result = await source.readTrial(Date.UTC(2026, 0, 1));
  if (!result.ok) throw new Error(result.reason);
  expect(result.figures).toMatchObject({
    origin: "service",
    since: "2026-01-01T00:00:00.000Z",
    current: { answered: 200, failed: 0, busy: 0, unsure: undefined },
    candidate: { answered: 90, failed: 10, busy: 0, p50: 1.5, unsure: 0.1 },
    compared: 80,
    dropped: 5,
    sameTags: 0.5,
    sameFirst: 0.75,
    overlap: 0.625,
    difference: 0.05,
  });
});

it("a service that is away has none of a trial either", async () => {
  const source = new ServiceSource({ url: "http://127.0.0.1:9" });
  expect(await source.readTrial(0)).toEqual({ ok: false, reason: "unreachable" });
});

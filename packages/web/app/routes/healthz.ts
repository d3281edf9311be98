/** Answers for this server alone: a balancer must not restart it because the inference service is away. */
export const loader = () => new Response("ok\n", { headers: { "Cache-Control": "no-store" } });

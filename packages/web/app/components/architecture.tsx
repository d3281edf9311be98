interface BoxProps {
  readonly at: readonly [x: number, y: number];
  readonly name: string;
  readonly job: string;
  readonly isOurs?: boolean;
}

const width = 176;
const height = 64;

/** How a question and a model travel. The text beside it says the same, so readers of the screen get one picture. */
export function Architecture() {
  return (
    <svg
      role="img"
      aria-label="A browser asks the load balancer. It sends pages to the web server and API calls to the inference service; the web server asks the inference service too. The inference service takes its model from S3, where training has published it."
      viewBox="0 0 760 300"
      className="h-auto w-full min-w-[42rem] font-sans"
    >
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
          <path d="M0 0 8 4 0 8z" className="fill-muted" />
        </marker>
      </defs>
      <g className="fill-none stroke-muted stroke-[1.5]" markerEnd="url(#arrow)">
        <path d="M96 92V126" markerEnd="url(#arrow)" />
        <path d="M184 146H240C262 146 262 62 286 62" markerEnd="url(#arrow)" />
        <path d="M184 170H240C262 170 262 246 286 246" markerEnd="url(#arrow)" />
        <path d="M380 94V208" markerEnd="url(#arrow)" />
        <path d="M572 246H476" markerEnd="url(#arrow)" />
        <path d="M660 94V208" markerEnd="url(#arrow)" />
      </g>
      <g className="fill-muted text-[13px]">
        <text x="206" y="92">
          pages
        </text>
        <text x="206" y="230">
          /api
        </text>
        <text x="392" y="156">
          tRPC
        </text>
        <text x="492" y="236">
          streams
        </text>
        <text x="672" y="156">
          publishes
        </text>
      </g>
      <Box at={[8, 28]} name="Browser" job="works without scripts" />
      <Box at={[8, 128]} name="Load balancer" job="one address" />
      <Box at={[292, 30]} name="Web" job="Remix: these pages" isOurs />
      <Box at={[292, 214]} name="Inference" job="onnxruntime" isOurs />
      <Box at={[572, 30]} name="Training" job="questions → model" isOurs />
      <Box at={[572, 214]} name="S3" job="models, by version" />
    </svg>
  );
}

function Box({ at: [x, y], name, job, isOurs = false }: BoxProps) {
  return (
    <g>
      <rect
        {...{ x, y, width, height }}
        rx="10"
        className={isOurs ? "fill-tint stroke-ember" : "fill-surface stroke-edge"}
      />
      <text x={x + width / 2} y={y + 28} textAnchor="middle" className="fill-ink text-[16px] font-semibold">
        {name}
      </text>
      <text x={x + width / 2} y={y + 48} textAnchor="middle" className="fill-muted text-[13px]">
        {job}
      </text>
    </g>
  );
}

import { settingLimits, type Settings } from "../generator/settings.ts";

interface Props {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
}

const { leastPercent, mostPercent, stepPercent, tags } = settingLimits;
const usualPercent = 50;

/** How sure the model must be, and how many tags there may be. They are fields of the form, so they work without scripts. */
export function AnswerOptions({ settings, onChange }: Props) {
  const { threshold, most } = settings;
  const percent = threshold === "model" ? usualPercent : Math.round(100 * threshold);
  const demand = threshold === "model" ? "as sure as the model asks for" : `at least ${percent} % sure`;
  return (
    <details className="rounded-control border border-line bg-surface px-4 py-3 print:hidden">
      <summary className="cursor-pointer font-medium">
        Options:{" "}
        <span className="font-normal text-muted">
          {`${demand}, ${most === 1 ? "one tag" : `at most ${most} tags`}`}
        </span>
      </summary>
      <Threshold settings={settings} onChange={onChange} percent={percent} />
      <label className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">Number of tags at most</span>
        <select
          name="most"
          value={most}
          onChange={({ target }) => onChange({ ...settings, most: Number(target.value) })}
          className="rounded-control border border-edge bg-surface px-3 py-1.5"
        >
          {Array.from({ length: tags }, (_, index) => (
            <option key={index} value={index + 1}>
              {index + 1}
            </option>
          ))}
        </select>
        <span className="text-sm text-muted">Stack Overflow takes five.</span>
      </label>
    </details>
  );
}

function Threshold({ settings, onChange, percent }: Props & { readonly percent: number }) {
  const { threshold } = settings;
  return (
    <fieldset className="mt-4 grid min-w-0 grid-cols-1 gap-3">
      <legend className="font-medium">Suggest a tag when the model is</legend>
      <label className="flex items-center gap-2.5">
        <input
          type="radio"
          name="threshold"
          value="model"
          checked={threshold === "model"}
          onChange={() => onChange({ ...settings, threshold: "model" })}
        />
        as sure as it asks for: each tag has its own threshold
      </label>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <label className="flex items-center gap-2.5">
          <input
            type="radio"
            name="threshold"
            value="mine"
            checked={threshold !== "model"}
            onChange={() => onChange({ ...settings, threshold: percent / 100 })}
          />
          at least this sure of any tag:
        </label>
        <input
          type="range"
          name="least"
          aria-label="Least confidence"
          aria-valuetext={`${percent} percent`}
          min={leastPercent}
          max={mostPercent}
          step={stepPercent}
          value={percent}
          onChange={({ target }) => onChange({ ...settings, threshold: target.valueAsNumber / 100 })}
          className="w-40 max-w-full grow"
        />
        <span className="w-12 text-right tabular-nums">{`${percent} %`}</span>
      </div>
    </fieldset>
  );
}

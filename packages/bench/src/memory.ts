import { readdirSync, readFileSync } from "node:fs";

/** Resident memory in bytes: in all, at its highest, and what isn't a mapped file's. */
export interface Memory {
  readonly resident: number;
  readonly peak: number;
  readonly anonymous: number;
}

const sampleMs = 250;

/** Resident memory from now on, in bytes, four times a second. */
export function watchMemory(pid: number): { stop(): readonly number[] } {
  const residents: number[] = [];
  const timer = setInterval(() => residents.push(memoryOf(pid).resident), sampleMs);
  return {
    stop: () => {
      clearInterval(timer);
      return residents;
    },
  };
}

/** Of a process and all that it started. Throws where there is no /proc. */
export function memoryOf(pid: number): Memory {
  return tree(pid)
    .map(memoryOfOne)
    .reduce((sum, one) => ({
      resident: sum.resident + one.resident,
      peak: sum.peak + one.peak,
      anonymous: sum.anonymous + one.anonymous,
    }));
}

/** A process and all that it started. */
export function tree(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => childrenOf(pid, task));
  return [pid, ...children.flatMap(tree)];
}

/** None of a thread that has ended meanwhile, as a model's does when another takes its place. */
function childrenOf(pid: number, task: string): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function memoryOfOne(pid: number): Memory {
  return parseStatus(readFileSync(`/proc/${pid}/status`, "utf8"));
}

/** Reads the text of `/proc/PID/status`. */
export function parseStatus(text: string): Memory {
  const bytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? Number.NaN) * 1024;
  return { resident: bytes("VmRSS"), peak: bytes("VmHWM"), anonymous: bytes("RssAnon") };
}

/** Ticks of the clock that Linux counts a process's time by: fixed for programs, whatever the kernel's own are. */
const ticksPerSecond = 100;

/** Seconds of CPU that a process and all that it started have used. */
export function cpuSecondsOf(pid: number): number {
  const ticks = tree(pid).map((one) => {
    // After the name, which may hold anything: state is the first field, user and system time the 12th and 13th.
    const fields = readFileSync(`/proc/${one}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, count) => sum + count, 0) / ticksPerSecond;
}

import { containerNetwork } from "./network.ts";
import { withEngine } from "./engine.ts";
import { forward } from "./forward.ts";
import { Report } from "./report.ts";
import { Simulator } from "./simulator.ts";
import { StageLife } from "./stage-life.ts";
import { Workspace } from "./workspace.ts";

/** `npm run test:deploy`: prod from its first deployment to its removal, on a simulated AWS with real containers. */
await new Report("deploy").collect((report) => withEngine(() => lifeOfAStage(report)));

async function lifeOfAStage(report: Report): Promise<void> {
  await using network = await containerNetwork();
  await using simulator = await Simulator.start(network);
  report.explainWith(async () => `${await simulator.tasksLog()}\n${simulator.log}`);
  const workspace = new Workspace(simulator);
  await workspace.copy();

  let host = "";
  const deployed = await report.step("`sst deploy` prints the address", async () => {
    const output = await workspace.sst("deploy");
    host = /url: http:\/\/(\S+)/.exec(output)?.[1] ?? "";
    if (!host) throw new Error(`no address in:\n${output}`);
    return host;
  });
  if (!deployed) return;

  await using address = await forward(simulator.port, host);
  const life = new StageLife({ simulator, workspace, url: address.url });
  await report.step("each service runs the tasks it wants, and the balancer finds them healthy", () => life.settles());
  await report.step("the journeys pass through the balancer", () => life.journeys());
  await report.step("each alarm is told to the operator", () => life.alarms());
  await report.step("a second deployment changes nothing", () => life.deploysAgain());
  await report.step("a new model is published and promoted without a failed request", () => life.promotes());
  await report.step("it is rolled back without a failed request", () => life.rollsBack());
  await report.step("files of questions are tagged, and no row twice", () => life.tagsFiles());
  await report.step("a killed task is replaced", () => life.replacesKilled());
  await report.step("a crashing image is rolled back, and the old tasks answer all the time", () =>
    life.survivesCrash(),
  );
  await report.step("`sst remove` leaves the buckets of prod and nothing else", () => life.isRemoved());
}

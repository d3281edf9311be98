import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, startSystem } from "./process.ts";
import { addresses, expect, test } from "./system.ts";

test("npm start tells the address of each part, and Ctrl-C ends all of them", async ({ request, dataDir }) => {
  await using system = startSystem(dataDir);
  const web = await system.prints(/web +(http:\S+)/);
  const api = await system.prints(/inference +(http:\S+)/);
  const s3 = await system.prints(/store +(http:\S+)/);
  expect((await request.get(`${api}/readyz`)).status()).toBe(200);
  expect((await request.get(web)).status()).toBe(200);

  system.signal("SIGINT");

  expect(await system.exitCode()).toBe(0);
  for (const url of [web, api, s3]) await expect(fetch(url)).rejects.toThrow();
});

test("killed outright or with its terminal, npm start leaves nothing behind that would be in its own way", async ({
  request,
  dataDir,
}) => {
  for (const signal of ["SIGKILL", "SIGHUP"] as const) {
    await using system = startSystem(dataDir);
    const web = await system.prints(/web +(http:\S+)/);
    const api = await system.prints(/inference +(http:\S+)/);
    expect((await request.get(`${api}/readyz`)).status()).toBe(200);
    system.signal(signal);
    for (const url of [web, api]) await expect(() => expect(fetch(url)).rejects.toThrow()).toPass();
  }
});

test("a bucket of one's own takes the place of the embedded store", async ({ request, dataDir }) => {
  await using system = startSystem(dataDir, { MODEL_BUCKET: "tagsmith-models", AWS_ENDPOINT_URL: addresses.s3 });
  const api = await system.prints(/inference +(http:\S+)/);
  expect(system.output).toMatch(new RegExp(`store +${addresses.s3} +\\(bucket tagsmith-models\\)`));
  const models = await request.get(`${api}/api/v1/models`);
  expect(await models.json()).toMatchObject({ name: "stackoverflow-tags" });
});

test("a port in use is told plainly, with the variable that changes it", async ({ dataDir }) => {
  const { port } = new URL(addresses.web);
  await using system = startSystem(dataDir, { INFERENCE_PORT: port });
  expect(await system.exitCode()).toBe(1);
  expect(system.output).toContain(`Port ${port} is in use`);
  expect(system.output).toContain("INFERENCE_PORT=");
});

test("bad settings are all named at once, before anything starts", async ({ dataDir }) => {
  await using system = startSystem(dataDir, { PORT: "seventy", AWS_ENDPOINT_URL: "nowhere" });
  expect(await system.exitCode()).toBe(1);
  expect(system.output).toMatch(/PORT: [^]*AWS_ENDPOINT_URL: /);
});

test("a folder that can't be made is told plainly", async () => {
  await using system = startSystem("/proc/nope");
  expect(await system.exitCode()).toBe(1);
  expect(system.output).toMatch(/^DATA_DIR, S3_PORT: .*mkdir '\/proc/m);
});

test("a damaged model is never served, and the service says why", async ({ page, complaints, request, dataDir }) => {
  complaints.expected.push(/status of 503/);
  {
    await using first = startSystem(dataDir);
    await first.prints(/web +(http:\S+)/);
    await first.prints(/inference +(http:\S+)/);
  }
  await flipBytes(await storedModel(dataDir), 50);

  const port = freePort();
  await using system = startSystem(dataDir, { INFERENCE_PORT: String(port) });
  const web = await system.prints(/web +(http:\S+)/);
  await expect(async () => {
    const readiness = await request.get(`http://127.0.0.1:${port}/readyz`);
    expect(readiness.status()).toBe(503);
    expect(await readiness.text()).toMatch(/model\.onnx.*SHA-256|hash_mismatch/s);
  }).toPass();
  expect((await request.get(`http://127.0.0.1:${port}/livez`)).status()).toBe(200);
  await page.goto(web);
  await page.getByRole("textbox", { name: "Title" }).fill("How to sort a list of dictionaries in python?");
  await page.getByRole("button", { name: "Suggest tags" }).click();
  await expect(page.getByRole("alert")).toContainText(/model/i);
  await expect(page.getByRole("list", { name: "Suggested tags" })).toHaveCount(0);
  await page.close();
});

/** The store names its files by hashes; of all that a bundle has, the model is the largest. */
async function storedModel(data: string): Promise<string> {
  const entries = await readdir(join(data, "s3"), { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(paths.map(async (path) => ({ path, bytes: (await stat(path)).size })));
  const [largest] = sizes.sort((a, b) => b.bytes - a.bytes);
  if (!largest) throw new Error(`nothing is stored in ${data}`);
  return largest.path;
}

async function flipBytes(file: string, count: number): Promise<void> {
  const bytes = await readFile(file);
  const middle = Math.floor(bytes.length / 2);
  for (let index = middle; index < middle + count; index++) bytes.writeUInt8(bytes.readUInt8(index) ^ 0xff, index);
  await writeFile(file, bytes);
}

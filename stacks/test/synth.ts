import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Aspects, type IAspect } from "aws-cdk-lib";
import { App } from "sst/constructs";
import { setProject } from "sst/project.js";
import config from "../../sst.config.ts";

type Properties = Readonly<Record<string, unknown>>;

export interface Resource {
  readonly stack: string;
  readonly id: string;
  readonly Type: string;
  readonly Properties: Properties;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
}

interface Template {
  readonly Resources: Readonly<Record<string, Omit<Resource, "stack" | "id">>>;
}

/** What the app becomes: CloudFormation's templates, without a network, an account or Docker. */
export async function synthesise(stage: string, mode: App["mode"] = "deploy", aspects: readonly IAspect[] = []) {
  // As the SST CLI does: its constructs use what CDK has deprecated.
  process.env.JSII_DEPRECATED = "quiet";
  const folder = mkdtempSync(join(tmpdir(), "tagsmith-synth-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const { name, region } = config.config();
  const root = process.cwd();
  setProject({
    ...{ version: "", cdkVersion: "", constructsVersion: "", metafile: { inputs: {}, outputs: {} } },
    config: { name, region, stage, ssmPrefix: `/sst/${name}/${stage}/` },
    stacks: (app) => config.stacks(app),
    // SST's own folder is shared by whatever else runs now.
    paths: { root, config: join(root, "sst.config.ts"), out: folder, artifacts: join(folder, "artifacts") },
  });
  const app = new App({ name, stage, region, mode }, { outdir: join(folder, "dist") });
  config.stacks(app);
  aspects.forEach((aspect) => Aspects.of(app).add(aspect));
  await app.finish();
  const { stacks } = app.synth();
  const nameOf = (id: string) => id.slice(`${stage}-${name}-`.length);
  return new Synthesis(
    stacks.map((stack) => ({
      name: nameOf(stack.id),
      template: stack.template as Template,
      dependsOn: stack.dependencies.map(({ id }) => nameOf(id)),
      messages: stack.messages.map(({ id, entry }) => ({ path: nameOf(id.slice(1)), text: entry.data as string })),
    })),
    app.outdir,
  );
}

/** What stands at a path in a resource's properties, as `ContainerDefinitions.0.User`; CloudFormation gives it no type. */
export function at({ Properties }: Pick<Resource, "Properties">, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (value as Properties | undefined)?.[key], Properties);
}

/** The same of a list's every entry. */
export function list(resource: Pick<Resource, "Properties">, path: string): Properties[] {
  return at(resource, path) as Properties[];
}

/** A list of keys and values as an object. */
export function table(resource: Pick<Resource, "Properties">, path: string): Properties {
  return Object.fromEntries(list(resource, path).map(({ Key, Value }) => [String(Key), Value] as const));
}

interface SynthesisedStack {
  readonly name: string;
  readonly template: Template;
  readonly dependsOn: readonly string[];
  readonly messages: readonly { readonly path: string; readonly text: string }[];
}

export class Synthesis {
  readonly resources: readonly Resource[];
  readonly stacks: readonly SynthesisedStack[];
  /** Where the assets are, each under its hash. */
  readonly folder: string;

  constructor(stacks: readonly SynthesisedStack[], folder: string) {
    this.stacks = stacks;
    this.folder = folder;
    this.resources = stacks.flatMap(({ name, template }) =>
      Object.entries(template.Resources).map(([id, resource]) => ({ ...resource, stack: name, id })),
    );
  }

  /** The resources of a type whose stack or id has this in it. */
  all(type: string, part = ""): Resource[] {
    return this.resources.filter(({ Type, stack, id }) => Type === `AWS::${type}` && `${stack}/${id}`.includes(part));
  }

  /** The same, when there is exactly one. */
  one(type: string, part?: string): Resource {
    const [found, ...others] = this.all(type, part);
    if (!found || others.length > 0) throw new Error(`${found ? others.length + 1 : 0} of AWS::${type} ${part ?? ""}`);
    return found;
  }
}

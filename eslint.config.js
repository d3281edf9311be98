import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import regexp from "eslint-plugin-regexp";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** What each place may import of the workspace; a package that is not named here is refused. */
const boundaries = {
  "packages/features": [],
  "packages/s3-server": [],
  "packages/operations": [],
  "packages/question-files": [],
  "packages/model-bundle": ["features"],
  "packages/training": ["features", "model-bundle"],
  "packages/inference": ["features", "model-bundle", "operations"],
  "packages/bulk": ["model-bundle", "question-files", "inference", "operations"],
  "packages/local": ["model-bundle", "s3-server"],
  "packages/web": ["model-bundle", "operations", "question-files"],
  "packages/bench": ["features", "model-bundle", "training", "s3-server", "inference"],
  stacks: [],
};

/** Modules that one place of the project alone may import. */
const owned = {
  "onnxruntime-node": "packages/model-bundle/src/session.ts",
  "@aws-sdk/client-s3": "packages/model-bundle/src/store.ts",
  "@huggingface/tokenizers": "packages/model-bundle/src/{,mend-}tokenizer.ts",
};
const tests = ["**/*.test.ts", "**/*.test.tsx", "**/test/**", "**/*.conformance.ts"];

const restricted = (allowed, paths) => [
  "error",
  {
    paths: paths.map((name) => ({ name, message: `Only ${owned[name]} imports it.`, allowTypeImports: true })),
    patterns: [
      {
        group: ["@tagsmith/*", ...allowed.map((name) => `!@tagsmith/${name}`)],
        message: `Of the workspace, ${allowed.join(", ") || "nothing"} may be imported here (boundaries in eslint.config.js).`,
        allowTypeImports: true,
      },
      { group: ["sst/node/*"], message: "Only env.ts reads what SST binds: it parses the environment at import." },
    ],
  },
];

export default defineConfig(
  globalIgnores([
    "**/dist/",
    "**/build/",
    "**/.wireit/",
    ".sst/",
    ".tagsmith/",
    "**/test-results/",
    "**/playwright-report/",
  ]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ["*.js", ".ci/*.mjs", ".github/*.mjs", "packages/*/*.mjs", "e2e/faults/*.mjs"],
        },
      },
    },
    rules: {
      "max-params": ["error", 3],
      "no-console": "error",
      "no-eval": "error",
      "no-restricted-syntax": [
        "error",
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: "Only env.ts reads the environment.",
        },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    },
  },
  ...Object.entries(boundaries).map(([place, allowed]) => ({
    files: [`${place}/**/*.{ts,tsx}`],
    ignores: tests,
    rules: { "@typescript-eslint/no-restricted-imports": restricted(allowed, Object.keys(owned)) },
  })),
  ...Object.entries(owned).map(([name, file]) => ({
    files: [file],
    rules: {
      "@typescript-eslint/no-restricted-imports": restricted(
        ["features"],
        Object.keys(owned).filter((other) => other !== name),
      ),
    },
  })),
  {
    files: [
      "**/env.ts",
      "**/stage.ts",
      ".ci/**",
      ".github/**",
      "**/cli.ts",
      "**/*.config.ts",
      "e2e/**",
      "**/build.mjs",
      ...tests,
    ],
    rules: { "no-restricted-syntax": "off", "no-console": "off" },
  },
  {
    files: ["**/*.js", "**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly", Buffer: "readonly" } },
  },
  {
    // What anybody may send is read in a time that grows no faster than its length.
    files: ["packages/{features,inference,model-bundle,operations,s3-server,web}/**/*.{ts,tsx}"],
    ignores: tests,
    plugins: { regexp },
    rules: { "regexp/no-super-linear-backtracking": "error", "regexp/no-super-linear-move": "error" },
  },
  { files: ["packages/web/**/*.{ts,tsx}"], extends: [reactHooks.configs.flat.recommended] },
  {
    // Remix takes a thrown response as the page's answer.
    files: ["packages/web/app/**/*.{ts,tsx}"],
    rules: {
      "@typescript-eslint/only-throw-error": [
        "error",
        {
          allow: [
            { from: "lib", name: "Response" },
            { from: "package", package: "@remix-run/server-runtime", name: "TypedResponse" },
          ],
        },
      ],
    },
  },
);

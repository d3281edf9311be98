import config from "./playwright.config.ts";

/** `npm run screenshots`: the pictures of docs/screenshots, made anew from the running system. */
export default { ...config, projects: [{ name: "screenshots", testMatch: "screenshots.ts" }] };

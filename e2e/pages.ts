/** Every page of the site, with what it has to show without anybody's doing. */
export const pages = [
  { name: "tag-generator", path: "/?example=1" },
  { name: "bulk", path: "/bulk" },
  { name: "dashboard-off", path: "/dashboard" },
  { name: "about", path: "/about" },
  { name: "developers", path: "/developers" },
] as const;

interface Entry {
  readonly to: string;
  readonly label: string;
}

/** The pages that the header leads to, in its order. */
export const navigation: readonly Entry[] = [
  { to: "/", label: "Tag generator" },
  { to: "/bulk", label: "Bulk" },
  { to: "/dashboard", label: "Dashboard" },
  { to: "/about", label: "About" },
  { to: "/developers", label: "API" },
];

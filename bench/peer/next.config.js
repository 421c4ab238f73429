import path from "node:path";

/** The same page as an ordinary App Router page ships it; only benchmarks build it. */
/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  devIndicators: false,
  serverExternalPackages: ["@prisma/adapter-pg", "@prisma/client", "@prisma/driver-adapter-utils", "pg"],
  turbopack: { root: path.resolve(import.meta.dirname, "../..") },
  outputFileTracingRoot: path.resolve(import.meta.dirname, "../.."),
};

export default config;

import path from "node:path";

/** Configures the ordinary App Router version of the page; built only by benchmarks. */
/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  devIndicators: false,
  serverExternalPackages: ["@prisma/adapter-pg", "@prisma/client", "@prisma/driver-adapter-utils", "pg"],
  turbopack: { root: path.resolve(import.meta.dirname, "../..") },
  outputFileTracingRoot: path.resolve(import.meta.dirname, "../.."),
};

export default config;

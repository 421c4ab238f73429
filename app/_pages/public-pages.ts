export { publicPages } from "@/lib/http/public-pages";

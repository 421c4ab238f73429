export { publicPages, signaturesChanged } from "@/lib/http/public-pages";

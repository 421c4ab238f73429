import { LOCALES, languageOf } from "@/lib/i18n/locales";
import type { Language } from "@/lib/i18n/locales/language";

/** Returns a selector for text in all languages of a script. */
function within(script: Language["script"]): string {
  const languages = LOCALES.filter((locale) => languageOf(locale).script === script);
  return `:is(${languages.map((locale) => `:lang(${locale})`).join()})`;
}

/**
 * The only style sheet, inlined in every page; the security policy allows it by hash. The colours are lapis
 * blue and pomegranate red, unless a campaign has its own; the stripes are those of a barrier across a road.
 * Logical properties only, so that the same rules work for Urdu, Dari and Pashto.
 */
export const STYLES = `
:root {
  color-scheme: light dark;
  --paper: #f7f8fb;
  --card: #fff;
  --ink: #12182b;
  --soft: #4a5266;
  --line: #7d869b;
  --deep: #14286b;
  --link: #1c3a94;
  --red: #b8142f;
  --demo: #e3e7f3;
  --go: #b8142f;
  --go-hover: #8f0c22;
  --hero-link: #c6d4ff;
  --trough: #4d62aa;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0b1020;
    --card: #141b33;
    --ink: #eef1fa;
    --soft: #b4bdd3;
    --line: #8390b0;
    --link: #a9bfff;
    --red: #ff8d9c;
    --demo: #1d2644;
  }
}
* {
  box-sizing: border-box;
}
html {
  font:
    100% / 1.6 system-ui,
    sans-serif;
  background: var(--paper);
  color: var(--ink);
  -webkit-text-size-adjust: 100%;
}
${within("naskh")} {
  font-family: "Noto Naskh Arabic", Tahoma, sans-serif;
  line-height: 1.8;
}
${within("nastaliq")} {
  font-family: "Noto Nastaliq Urdu", "Jameel Noori Nastaleeq", serif;
  line-height: 2.1;
}
body {
  margin: 0;
  overflow-wrap: break-word;
}
h1,
h2,
h3 {
  line-height: 1.15;
  margin-block: 0 0.5em;
  text-wrap: balance;
}
${within("naskh")} :is(h1, h2, h3) {
  line-height: 1.5;
}
${within("nastaliq")} :is(h1, h2, h3) {
  line-height: 1.95;
}
h1 {
  font-size: clamp(2.3rem, 1.2rem + 5vw, 4.6rem);
  font-weight: 900;
}
${within("latin")} > body h1 {
  letter-spacing: -0.03em;
  line-height: 1;
}
h2 {
  font-size: clamp(1.45rem, 1.2rem + 1vw, 2rem);
  font-weight: 800;
}
p,
ul,
ol,
dl {
  margin-block: 0 1rem;
}
ul,
ol {
  padding-inline-start: 1.4rem;
}
li {
  margin-block-end: 0.5rem;
}
a {
  color: var(--link);
  text-underline-offset: 0.18em;
}
:focus-visible {
  outline: 3px solid var(--ink);
  outline-offset: 3px;
  box-shadow: 0 0 0 3px var(--paper);
}
.skip {
  position: absolute;
  inset-inline-start: 0;
  inset-block-start: -9rem;
  background: var(--card);
  padding: 0.5rem 1rem;
}
.skip:focus {
  inset-block-start: 0;
  z-index: 2;
}
.demo {
  padding: 0.5rem 1rem;
  background: var(--demo);
  font-size: 0.875rem;
  text-align: center;
}
.bar,
.foot {
  display: flex;
  flex-wrap: wrap;
  gap: 0 1rem;
  align-items: center;
  justify-content: space-between;
  padding: 0.3rem 1rem;
  max-inline-size: 76rem;
  margin-inline: auto;
}
.brand {
  display: flex;
  gap: 0.6rem;
  align-items: center;
  font-weight: 800;
  color: var(--ink);
  text-decoration: none;
  min-block-size: 44px;
}
.m1 {
  fill: var(--line);
}
.m2 {
  fill: var(--red);
}
.m3 {
  fill: var(--paper);
}
.langs {
  display: flex;
  flex-wrap: wrap;
  margin-inline: -0.5rem;
}
.langs a,
.foot a {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  min-block-size: 44px;
  min-inline-size: 44px;
  padding-inline: 0.5rem;
}
.langs a {
  line-height: 1.4;
  text-decoration: none;
}
.langs [aria-current] {
  font-weight: 800;
  color: var(--ink);
  text-decoration: underline;
}
.foot {
  border-block-start: 1px solid var(--line);
  margin-block-start: 3rem;
  padding-block: 1rem;
}
.hero {
  background: var(--deep);
  color: #fff;
  padding: clamp(1.6rem, 5vw, 4.5rem) 1rem 0;
}
.hero > * {
  max-inline-size: 74rem;
  margin-inline: auto;
}
.hero h1 {
  max-inline-size: 15em;
}
.hero .lead {
  font-size: 1.2rem;
  max-inline-size: 38em;
  margin-inline: 0;
}
.hero .in {
  padding-block-end: 1.6rem;
}
.hero a:not(.go) {
  color: var(--hero-link);
}
.hero :focus-visible {
  outline-color: #fff;
  box-shadow: none;
}
.gate {
  block-size: 1.1rem;
  max-inline-size: none;
  margin-inline: -1rem;
  background: repeating-linear-gradient(-60deg, #c8193a 0 2.2rem, #fff 2.2rem 4.4rem);
}
.go,
button {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  min-block-size: 52px;
  padding: 0.5rem 1.6rem;
  border: 2px solid transparent;
  border-radius: 4px;
  background: var(--go);
  color: #fff;
  font: inherit;
  font-size: 1.15rem;
  font-weight: 800;
  text-decoration: none;
  cursor: pointer;
}
.go:hover,
button:hover {
  background: var(--go-hover);
}
.hero .go {
  background: #fff;
  color: var(--deep);
}
.hero .go:hover {
  background: #dfe6ff;
}
.quiet {
  background: none;
  color: var(--link);
  border-color: currentColor;
  font-size: 1rem;
  min-block-size: 44px;
}
.quiet:hover {
  background: none;
  text-decoration: underline;
}
.count {
  margin-block: 1.4rem 0;
  max-inline-size: 26rem;
}
.count b {
  font-size: 2.2rem;
  font-weight: 900;
  display: block;
}
.count p {
  margin: 0;
}
progress {
  appearance: none;
  inline-size: 100%;
  block-size: 0.9rem;
  border: 0;
  background: var(--trough);
  display: block;
}
progress::-webkit-progress-bar {
  background: var(--trough);
}
progress::-webkit-progress-value {
  background: #fff;
}
progress::-moz-progress-bar {
  background: #fff;
}
.page {
  max-inline-size: 76rem;
  margin-inline: auto;
  padding: 1.5rem 1rem;
  display: grid;
  gap: 2rem;
}
.page > * {
  min-inline-size: 0;
}
.text section,
.text > * {
  margin-block-end: 2.4rem;
  max-inline-size: 42rem;
}
.sheet {
  max-inline-size: 44rem;
  margin-inline: auto;
  padding: 2rem 1rem;
}
.sheet h1 {
  font-size: clamp(2rem, 1.4rem + 3vw, 3.2rem);
}
.sheet h2 {
  margin-block-start: 2rem;
}
.when {
  color: var(--soft);
  font-weight: 700;
  margin-block-end: 0.5rem;
}
.asof {
  border-inline-start: 6px solid var(--red);
  padding-inline-start: 1rem;
}
.call {
  background: var(--card);
  padding: 1.4rem;
  border-block-start: 6px solid var(--red);
}
.call .demand {
  font-size: 1.5rem;
  font-weight: 800;
}
sup {
  line-height: 0;
  font-size: 0.75rem;
}
sup a {
  padding: 0.35rem 0.2rem;
}
${within("naskh")} ol {
  list-style-type: persian;
}
.time {
  list-style: none;
  padding: 0;
  border-inline-start: 3px solid var(--line);
}
.time li {
  padding-inline-start: 1rem;
}
.time b {
  display: block;
  font-weight: 800;
  color: var(--red);
}
summary {
  min-block-size: 44px;
  padding-block: 0.6rem;
  font-weight: 700;
  cursor: pointer;
}
table {
  border-collapse: collapse;
  inline-size: 100%;
}
th,
td {
  text-align: start;
  padding: 0.4rem;
  border-block-end: 1px solid var(--line);
}
.src {
  font-size: 0.9rem;
}
figure {
  margin: 0;
  max-inline-size: 42rem;
}
figcaption {
  margin-block-end: 0.8rem;
}
figcaption b {
  font-size: 1.15rem;
}
.number b {
  display: block;
  font-size: 2.6rem;
  font-weight: 900;
  line-height: 1.2;
}
picture + figcaption {
  margin-block: 0.4rem;
}
figure img {
  display: block;
  max-inline-size: 100%;
  block-size: auto;
}
blockquote {
  margin: 0 0 1rem;
  border-inline-start: 6px solid var(--line);
  padding-inline-start: 1rem;
}
ins {
  text-decoration-thickness: 2px;
}
del {
  color: var(--soft);
}
.chart {
  inline-size: 100%;
  block-size: auto;
  direction: ltr;
  fill: var(--ink);
  font-size: 14px;
}
.chart .n {
  font-weight: 800;
  font-size: 16px;
}
.chart .ax {
  stroke: var(--line);
  fill: none;
}
.chart .st {
  stroke: var(--red);
  stroke-width: 5;
}
.chart .pt {
  fill: var(--red);
}
.chart .s {
  fill: var(--soft);
}
.form {
  background: var(--card);
  border: 1px solid var(--line);
  border-block-start: 8px solid var(--red);
  padding: 1.2rem;
  scroll-margin-block-start: 0.5rem;
}
.form p {
  margin-block-end: 0.8rem;
}
label,
legend {
  font-weight: 700;
}
.hint {
  color: var(--soft);
  font-size: 0.9rem;
  margin: 0 0 0.2rem !important;
}
input:not([type="checkbox"]),
select {
  display: block;
  inline-size: 100%;
  min-block-size: 48px;
  padding: 0.5rem 0.7rem;
  font: inherit;
  color: var(--ink);
  background: var(--paper);
  border: 2px solid var(--line);
  border-radius: 4px;
}
.field {
  margin-block-end: 1.2rem;
}
.err {
  color: var(--red);
  font-weight: 700;
  margin-block: 0.2rem !important;
}
[aria-invalid] {
  border-color: var(--red) !important;
}
fieldset {
  border: 0;
  padding: 0;
  margin: 0 0 1rem;
  min-inline-size: 0;
}
.tick {
  display: grid;
  grid-template-columns: 44px 1fr;
  align-items: start;
  min-block-size: 44px;
  margin-block-end: 0.4rem;
}
.tick label {
  font-weight: 400;
  padding-block: 0.7rem;
  font-size: 0.95rem;
  line-height: 1.5;
}
:lang(ur) .tick label {
  line-height: 2;
}
.tick input {
  inline-size: 24px;
  block-size: 24px;
  margin: 0.6rem 0;
  accent-color: var(--link);
}
.tick .hint,
.tick .err {
  grid-column: 2;
}
.alert {
  border: 3px solid var(--red);
  padding: 1rem;
  margin-block-end: 1.2rem;
}
.alert ul {
  list-style: none;
  padding: 0;
  margin: 0;
}
.alert li a {
  display: block;
  padding-block: 0.6rem;
  color: var(--red);
  font-weight: 700;
}
.form button {
  inline-size: 100%;
}
.share ul {
  list-style: none;
  padding: 0;
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem;
}
.share li {
  margin: 0;
}
.share :is(a, button) {
  display: inline-flex;
  align-items: center;
  min-block-size: 44px;
  padding-inline: 1rem;
  border: 2px solid currentColor;
  border-radius: 4px;
  font-weight: 700;
  text-decoration: none;
}
@media (min-width: 60rem) {
  .page {
    grid-template-columns: minmax(0, 1fr) 25rem;
    gap: 4rem;
  }
  .side {
    grid-area: 1 / 2;
  }
  .text {
    grid-area: 1 / 1;
  }
  .first .side {
    grid-column: 1 / -1;
    inline-size: min(100%, 40rem);
  }
}
@media (forced-colors: active) {
  .chart,
  .chart .pt,
  .m1,
  .m2 {
    fill: CanvasText;
  }
  .chart .ax,
  .chart .st {
    stroke: CanvasText;
  }
  .go,
  button {
    border-color: ButtonText;
  }
  progress {
    border: 1px solid;
    appearance: auto;
  }
  .m3 {
    fill: Canvas;
  }
}
@media print {
  .langs,
  .side,
  .skip,
  .share,
  .go,
  .gate {
    display: none;
  }
  .hero,
  .hero a:not(.go) {
    background: none;
    color: #000;
  }
  .page {
    display: block;
  }
  .src a::after {
    content: " " attr(href);
    font-size: 0.75rem;
  }
}
`;

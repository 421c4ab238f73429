import { STYLES } from "@/components/document/styles";

/** The desk's style sheet: the public one with additions. The security policy allows it by its hash. */
export const DESK_STYLES = `${STYLES}
.desk{max-inline-size:80rem;margin-inline:auto;padding:1rem}
.desk h1{font-size:clamp(1.6rem,1.3rem + 1.5vw,2.4rem)}.desk h2{font-size:1.3rem;margin-block-start:2rem}
.desk nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1rem}.desk nav a{display:inline-flex;align-items:center;min-block-size:44px}.desk nav button{overflow-wrap:anywhere}.desk nav [aria-current]{font-weight:800;color:var(--ink)}
.desk table{font-size:.95rem}.desk td.n,.desk th.n{text-align:end;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto;margin-block-end:1rem}.wide [scope=row]{min-inline-size:9rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:1rem;list-style:none;padding:0}.tiles li{background:var(--card);border:1px solid var(--line);padding:1rem;margin:0}.tiles b{display:block;font-size:1.8rem;font-weight:900;line-height:1.2}
.pair{display:grid;gap:1.5rem}.pair>*{min-inline-size:0}@media(min-width:60rem){.pair{grid-template-columns:1fr 1fr}}
.bars{inline-size:100%;block-size:auto;font-size:11px;fill:var(--ink)}.bars .signed{fill:var(--line)}.bars .confirmed{fill:var(--red)}.bars .ax{stroke:var(--line)}
.filters{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:end}.filters>*{flex:0 1 14rem}.filters .field{margin-block:0}.filters button{flex:0 0 auto}
.desk form.inline{display:inline}.desk form.inline+form.inline{margin-inline-start:.4rem}.desk form.inline .answer:empty{display:none}.desk button{min-block-size:44px;font-size:1rem;padding:.3rem 1rem}
[hidden]{display:none!important}.desk td{white-space:nowrap}.desk td:has(code,.asking,.alert){white-space:normal}.narrow{max-inline-size:32rem;margin-inline:auto}
.secret{font-family:ui-monospace,monospace;font-size:1.1rem;overflow-wrap:anywhere}
.qr{inline-size:14rem;block-size:14rem;background:#fff;padding:.8rem}.qr path{fill:#000}
.columns{display:flex;flex-wrap:wrap;gap:0 1.2rem;border:1px solid var(--line);margin-block:1rem}.columns .tick{grid-template-columns:32px auto;margin:0}
.desk td input[type=checkbox]{inline-size:24px;block-size:24px;margin:10px}
.overlay{position:fixed;inset:0;z-index:9;display:grid;place-items:center;padding:1rem;overflow:auto;background:#0008}.modal{inline-size:min(32rem,100%);padding:1.5rem;background:var(--paper);border:1px solid var(--line)}.modal h2{margin-block-start:0}
.scroll{max-block-size:24rem;overflow:auto}
.thumbnail{display:block;max-inline-size:9rem;max-block-size:9rem}
.desk textarea{display:block;inline-size:100%;padding:.5rem .7rem;font:inherit;color:var(--ink);background:var(--paper);border:2px solid var(--line);border-radius:4px}.desk [type=radio]{min-block-size:24px}.desk .field,.desk .tick{max-inline-size:44rem}
.filters>.answer{flex:1 0 100%}.filters>.answer:empty{display:none}
.difference p,.desk pre{white-space:pre-wrap;overflow-wrap:anywhere}.desk ins,.desk del{padding-inline:.15em}.desk ins{background:#d8f0d8;color:#0b3d0b;text-decoration:underline}.desk del{background:#fbe0e0;color:#6b0f0f;text-decoration:line-through}.desk ins::before{content:"+"}.desk del::before{content:"−"}
.lines{white-space:pre-wrap;overflow-wrap:anywhere}.desk td.words{white-space:normal;min-inline-size:14rem}
.desk .field.whole{max-inline-size:none}.tools{display:flex;flex-wrap:wrap;gap:.4rem;align-items:center}.tools select{max-inline-size:20rem}.tools label{margin:0}
.version{white-space:pre-wrap;overflow-wrap:anywhere;max-block-size:30rem;overflow:auto;background:var(--card);padding:.7rem}
.frames{display:flex;flex-wrap:wrap;gap:1rem}.frames iframe{max-inline-size:100%;border:1px solid var(--line);background:#fff}.frames .wide{flex:1 1 40rem;margin:0}
.problem-lines div{margin-block-end:.5rem}.problem-lines div:target{outline:3px solid var(--red);outline-offset:2px}.problem-lines dd{margin:0;overflow-wrap:anywhere}
`.replaceAll("\n", "");
